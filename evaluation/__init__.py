"""A trained run, measured: joins what `models` answers with the measures of `evaluation`."""
