#!/usr/bin/env bash
# Serves the shop from any folder. Takes the flags of `./run shop`; by default it shows the latest run of this
# project and calls a model server at 127.0.0.1:8501.
set -euo pipefail
unset CDPATH  # with it, cd may go elsewhere, and prints where
self=$(readlink -f "${BASH_SOURCE[0]}" 2>/dev/null) || self=${BASH_SOURCE[0]}  # no -f before macOS 12.3
root=$(cd "$(dirname "$self")/.." && pwd -P)
export PYTHONPATH=$root
for python in "${RECSYS_VENV:-$root/.venv}/bin/python" python python3; do
    if "$python" -c 'import flask, waitress' 2>/dev/null; then
        exec "$python" -m flask_app --runs "$root/runs" "$@"
    fi
done
echo "run.sh: no Python with the packages of this project was found; make one with ./run setup" >&2
exit 2
