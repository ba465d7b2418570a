"""Writes what is said of the users of a run into its folder `users/`, whole or not at all.

The files of `./run tsne` in the same folder stay. Tables are CSV in UTF-8, and Parquet where pyarrow is installed.
"""
import os
import shutil

from models.run_folder import layout, users_report
from runtime import files
from runtime.cli import UserError, log
from user_modeling.user_report import page, tables


def write(run_folder, survey):
    """Writes the files of a Survey. Returns their paths. Raises UserError where they cannot be written."""
    folder, parquet = layout.users_of(run_folder), pyarrow_or_none()
    contents = tables.of(survey)
    if parquet is None:
        log.info("The tables are written as CSV only: Parquet needs the package pyarrow, which is not installed")
    try:
        with files.written_folder(folder) as draft:
            _keep_others(folder, draft)
            for name, columns in contents.items():
                files.write_text(users_report.table(draft, name), tables.as_csv(columns))
                if parquet is not None:
                    parquet.parquet.write_table(parquet.table(columns), os.path.join(draft, f"{name}.parquet"))
            files.write_text(os.path.join(draft, users_report.PAGE), page.of(survey))
            files.write_json(os.path.join(draft, users_report.RECORD), record(survey))
            written = sorted(name for name in os.listdir(draft) if name in users_report.FILES)
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({files.reason(error)}); solve this, then call ./run users "
                        f"{layout.flags_of(run_folder)} again") from error
    return [os.path.join(folder, name) for name in written]


def record(survey):
    """Returns the facts of a Survey for `users.json`."""
    agreement = survey.agreement
    return {"format": users_report.FORMAT, "run": survey.run, "data": survey.record["data"],
            users_report.DATA: survey.record[users_report.DATA], "users": len(survey.user_ids),
            "groups": {"names": list(survey.groups.names), "lift": survey.lift and survey.lift._asdict(),
                       "agreement": {str(count): value for count, value in survey.groups.agreement.items()}},
            "helpful_reviewers": {"by": survey.method, "why": agreement.why, "choosing": agreement.choosing,
                                  "measured": agreement.measured, "users_measured": agreement.users,
                                  "readers": survey.readers},
            "pair": {"users": [survey.user_ids[one] for one in (survey.pair.left, survey.pair.right)],
                     "likeness": survey.pair.likeness, "above": survey.pair.above}}


def _keep_others(folder, draft):
    """Copies the files of other commands in an older folder to its draft."""
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        source = os.path.join(folder, name)
        if name not in users_report.FILES and os.path.isdir(source):
            shutil.copytree(source, os.path.join(draft, name))
        elif name not in users_report.FILES:
            shutil.copy2(source, os.path.join(draft, name))


def pyarrow_or_none():
    """Returns the package pyarrow; None where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return None
    return pyarrow
