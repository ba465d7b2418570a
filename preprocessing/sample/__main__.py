"""`./run sample`: writes the sample corpus."""
from preprocessing.sample.corpus import main
from runtime import cli

if __name__ == "__main__":
    cli.run(main)
