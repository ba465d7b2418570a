"""Raw review files -> the artefact and the catalogue. No TensorFlow here."""
