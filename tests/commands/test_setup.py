"""The script `run`: the Python that it uses, and when it builds the environment."""
import pytest

from tests.commands.run_script import LOCKS, write_script


def test_a_python_that_cannot_run_is_passed_over(project, tmp_path):
    write_script(project.bin / "python3.7", "#!/bin/bash\necho 'command not found' >&2\nexit 127\n")
    project.interpreter(tmp_path / ".pyenv" / "versions" / "3.7.16" / "bin" / "python")
    ended = project.run("setup")
    assert ended.returncode == 9
    assert project.recorded() == ["-m", "venv", "--clear", str(project.venv)]


def test_an_environment_is_not_built_from_its_own_python(project):
    """Its python3 would become a link to itself."""
    project.make_environment(python="3.7")
    project.interpreter(project.venv / "bin" / "python3.7")
    (project.venv / "installed.lock").write_text("")
    project.environ["PATH"] = f"{project.venv}/bin:{project.environ['PATH']}"
    assert project.run("setup").returncode == 2
    project.environ["PYTHON"] = "python"
    ended = project.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and "to be replaced" in ended.stderr
    del project.environ["PYTHON"]
    other = project.interpreter(project.bin / "python3.12", "3.12")
    assert project.run("setup").returncode == 9 and other.exists()


def test_the_published_leg_is_refused_where_it_has_no_wheels(project):
    project.environ["PYTHON"] = str(project.interpreter(project.bin / "python3.7"))
    (project.bin / "uname").unlink()
    write_script(project.bin / "uname", "#!/bin/bash\n[ $1 = -m ] && echo arm64 || echo Darwin\n")
    ended = project.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and "RECSYS_LEG=current" in ended.stderr
    assert not project.venv.exists()


@pytest.mark.parametrize("name, version, is_taken", [
    ("python3.7", "3.7", True), ("python3.7", "3.6", False), ("python3.7", "3.12", False),
    ("python3.12", "3.12", True), ("python3.13", "3.13", True), ("python3.11", "3.11", True),
    ("python3.10", "3.10", True), ("python3", "3.11", True), ("python3.9", "3.9", False), ("python3", "3.14", False)])
def test_a_python_on_the_path_is_taken_where_it_is_of_a_leg(project, name, version, is_taken):
    project.interpreter(project.bin / name, version)
    ended = project.run("setup")
    assert (ended.returncode == 9) == is_taken
    if is_taken:
        assert ended.stderr.count("\n") == 1 and f"requirements/{LOCKS[version]}.lock" in ended.stderr
    else:
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1 and "install" in ended.stderr


@pytest.mark.parametrize("machine, leg, taken", [
    ("x86_64", None, "3.7"), ("x86_64", "published", "3.7"), ("x86_64", "current", "3.12"), ("arm64", None, "3.12")])
def test_the_leg_is_chosen_and_its_reason_is_printed(project, machine, leg, taken):
    for version in ("3.7", "3.12", "3.13"):
        project.interpreter(project.bin / f"python{version}", version)
    (project.bin / "uname").unlink()
    write_script(project.bin / "uname", f"#!/bin/bash\n[ $1 = -m ] && echo {machine} || echo Linux\n")
    if leg:
        project.environ["RECSYS_LEG"] = leg
    ended = project.run("setup")
    assert ended.returncode == 9 and ended.stderr.count("\n") == 1
    name = "published" if taken == "3.7" else "current"
    assert f"on the {name} leg (" in ended.stderr and f"Python {taken}.99" in ended.stderr


@pytest.mark.parametrize("leg, fetched", [(None, "3.12"), ("current", "3.12"), ("published", "3.7")])
def test_uv_provides_python_where_there_is_no_other(project, tmp_path, leg, fetched):
    python = project.interpreter(tmp_path / "of uv" / "python", fetched)
    write_script(project.bin / "uv", f"""#!/bin/bash
case "$*" in
    "python find --system --no-python-downloads {fetched}" | "python find --system {fetched}")
        [ -e "{tmp_path}/got" ] && echo "{python}" ;;
    "python install {fetched}") echo "fetched"; echo > "{tmp_path}/got" ;;
    *) exit 1 ;;
esac
""")
    if leg:
        project.environ["RECSYS_LEG"] = leg
    ended = project.run("setup")
    assert ended.returncode == 9 and "fetched by uv" in ended.stderr
    assert project.recorded()[:2] == ["-m", "venv"]


@pytest.mark.parametrize("leg", [None, "published", "current"])
def test_no_python_at_all_is_an_error_of_one_line(project, leg):
    if leg:
        project.environ["RECSYS_LEG"] = leg
    ended = project.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
    assert ("3.7" in ended.stderr) == (leg != "current") and ("3.13" in ended.stderr) == (leg != "published")


@pytest.mark.parametrize("version", sorted(LOCKS))
def test_PYTHON_chooses_interpreter_and_lock(project, tmp_path, version):
    project.interpreter(project.bin / "python3.7")
    project.environ["PYTHON"] = str(project.interpreter(tmp_path / "my python", version))
    ended = project.run("setup")
    assert ended.returncode == 9
    assert f"Python {version}.99" in ended.stderr and f"requirements/{LOCKS[version]}.lock" in ended.stderr


@pytest.mark.parametrize("environ, says", [
    ({"PYTHON": "{path}/of neither"}, "of neither"),
    ({"PYTHON": "{path}/new", "RECSYS_LEG": "published"}, "current leg"),
    ({"RECSYS_LEG": "newest"}, "newest")])
def test_a_python_of_neither_leg_or_of_the_other_is_an_error_of_one_line(project, tmp_path, environ, says):
    project.interpreter(project.bin / "python3.7")
    project.interpreter(tmp_path / "of neither", "3.9")
    project.interpreter(tmp_path / "new", "3.12")
    project.environ.update({name: value.format(path=tmp_path) for name, value in environ.items()})
    for command in ("setup", "sample"):
        ended = project.run(command)
        assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and says in ended.stderr
    assert not project.venv.exists()


@pytest.mark.parametrize("python", ["/bin/true", "/no/such/python"])
def test_PYTHON_that_does_not_run_is_an_error_of_one_line(project, python):
    project.interpreter(project.bin / "python3.7")
    project.environ["PYTHON"] = python
    ended = project.run("setup")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and python in ended.stderr


@pytest.mark.parametrize("state", ["missing", "interrupted", "of another lock"])
def test_a_command_first_builds_the_environment_where_it_is_not_complete(project, state):
    project.interpreter(project.bin / "python3.7")
    if state != "missing":
        project.make_environment(python="3.7")
        stamp = project.venv / "installed.lock"
        stamp.unlink() if state == "interrupted" else stamp.write_text("numpy==1.0\n")
    ended = project.run("sample")
    assert ended.returncode == 9
    assert ended.stderr.startswith("setup: ") and str(project.venv) in ended.stderr
    assert project.recorded() == ["-m", "venv", "--clear", str(project.venv)]
    assert not (project.venv / "installed.lock").exists()


def test_a_complete_environment_is_not_built_again(project):
    project.interpreter(project.bin / "python3.7")
    project.make_environment(python="3.7")
    ended = project.run("setup")
    assert ended.returncode == 0 and ended.stderr.count("\n") == 1 and "is complete" in ended.stderr
    assert not project.record.exists()


@pytest.mark.parametrize("environ", [{"RECSYS_LEG": "current"}, {"PYTHON": "python3.12"}, {"PYTHON": "python3.13"}])
def test_an_environment_of_another_python_is_made_anew_and_this_is_said(project, environ):
    """3.12 and 3.13 have the same lock, so that the lock alone does not tell their environments apart."""
    for version in ("3.7", "3.12", "3.13"):
        project.interpreter(project.bin / f"python{version}", version)
    there = "3.12" if environ.get("PYTHON") == "python3.13" else "3.7"
    project.make_environment(python=there)
    assert project.run("setup").stderr.count("is complete") == 1  # where nothing else is asked, it stays
    project.environ.update(environ)
    ended = project.run("sample")
    assert ended.returncode == 9 and f"in place of Python {there}\n" in ended.stderr
    assert project.recorded() == ["-m", "venv", "--clear", str(project.venv)]


@pytest.mark.parametrize("there, leg", [("3.12", "current"), ("3.7", "published")])
def test_an_environment_of_another_lock_keeps_its_leg(project, there, leg):
    for version in ("3.7", "3.12"):
        project.interpreter(project.bin / f"python{version}", version)
    project.make_environment(python=there)
    (project.venv / "installed.lock").write_text("an older one")
    ended = project.run("setup")
    assert ended.returncode == 9 and f"on the {leg} leg" in ended.stderr
    assert f"in place of Python {there}" in ended.stderr


def test_an_installed_command_uses_its_own_interpreter_and_builds_no_environment(project, tmp_path):
    project.environ["RECSYS_PYTHON"] = str(project.interpreter(tmp_path / "python of recsys", "3.12"))
    ended = project.run("sample", "--seed", "3")
    assert ended.returncode == 9 and not ended.stderr and not project.venv.exists()
    assert project.recorded()[-2:] == ["--seed", "3"]
    for environ in ({}, {"RECSYS_PYTHON": "/no/such"}):
        project.environ.update(environ)
        ended = project.run("sample" if environ else "setup")
        assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and "RECSYS_PYTHON" in ended.stderr


@pytest.mark.parametrize("slash", ["", "/", "//"])
def test_an_environment_behind_a_link_is_used_and_never_replaced(project, tmp_path, slash):
    project.interpreter(project.bin / "python3.7")
    project.make_environment(python="3.7")
    elsewhere = tmp_path / "elsewhere"
    project.venv.rename(elsewhere)
    project.venv.symlink_to(elsewhere)
    project.environ["RECSYS_VENV"] += slash
    assert "is complete" in project.run("setup").stderr
    (elsewhere / "installed.lock").write_text("numpy==1.0\n")
    ended = project.run("sample")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1 and "is a link" in ended.stderr
    assert not project.record.exists() and (elsewhere / "installed.lock").exists()


def test_a_folder_that_is_not_an_environment_is_never_emptied(project):
    project.interpreter(project.bin / "python3.7")
    project.venv.mkdir()
    (project.venv / "thesis.txt").write_text("mine")
    ended = project.run("setup")
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1
    assert (project.venv / "thesis.txt").read_text() == "mine"
