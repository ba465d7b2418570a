# The demo in a container. The CI of this repository has no Docker and does not build it.
#   docker build -t explainable-recsys .
#   docker run --rm -p 127.0.0.1:5000:5000 explainable-recsys    (http://127.0.0.1:5000/)
FROM python:3.7-slim-bullseye
RUN useradd --create-home shopkeeper
WORKDIR /home/shopkeeper/explainable-recsys
RUN chown shopkeeper .
USER shopkeeper
# The environment first: it changes less often than the code, so that its layer is reused.
COPY --chown=shopkeeper run ./
COPY --chown=shopkeeper requirements requirements
RUN ./run setup
COPY --chown=shopkeeper . .
EXPOSE 5000
# The shop listens on every address of the container; -p above publishes it on this machine only.
CMD ["./run", "demo", "--host", "0.0.0.0"]
