# The demo in a container. Not built in this repository's CI, which has no Docker.
#   docker build -t explainable-recsys .
#   docker run --rm -p 127.0.0.1:5000:5000 explainable-recsys    (http://127.0.0.1:5000/)
FROM python:3.7-slim-bullseye
RUN useradd --create-home shopkeeper
WORKDIR /home/shopkeeper/explainable-recsys
RUN chown shopkeeper .
USER shopkeeper
# The environment first: it changes more seldom than the code.
COPY --chown=shopkeeper run ./
COPY --chown=shopkeeper requirements requirements
RUN ./run setup
COPY --chown=shopkeeper . .
EXPOSE 5000
# The shop listens at every address of the container; -p above opens it to this machine alone.
CMD ["./run", "demo", "--host", "0.0.0.0"]
