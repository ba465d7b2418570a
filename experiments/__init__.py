"""Many runs of one question: studies, ablation, search, rival models."""
