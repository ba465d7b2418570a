# The demo and the web shop in a container, on the current leg. The CI of this repository has no Docker engine.
#   docker build -t explainable-recsys .
#   docker run --rm -p 127.0.0.1:5000:5000 explainable-recsys    (http://127.0.0.1:5000/)
# The shop beside TensorFlow Serving's own image: docker-compose.yml.
FROM python:3.12-slim-bookworm AS environment
WORKDIR /app
COPY run ./
COPY requirements requirements
RUN ./run setup && find .venv -name '__pycache__' -prune -exec rm -r {} +

FROM python:3.12-slim-bookworm
# The folders exist, so that volumes mounted there belong to the user.
RUN useradd --create-home --uid 1000 shopkeeper && mkdir -p /app/data /app/runs /app/model_serve && \
    chown -R shopkeeper /app
WORKDIR /app
USER 1000
# The environment first: it changes less often than the code, so that its layer is reused.
COPY --chown=shopkeeper --from=environment /app/.venv .venv
COPY --chown=shopkeeper . .
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=300s \
    CMD [".venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5000/healthz', timeout=4)"]
# The shop listens on every address of the container; -p above publishes it on this machine only.
CMD ["./run", "demo", "--host", "0.0.0.0"]
