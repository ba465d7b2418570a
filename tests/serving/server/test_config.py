"""Configuration files, in TensorFlow Serving's text protobuf."""
import pytest

from runtime.cli import UserError
from serving.server import config
from serving.server.config import Batching, Model

MODELS = """
model_config_list {
  config { name: 'one' base_path: '/m/one' model_platform: 'tensorflow' }
  config { name: "two" base_path: "/m/two" model_platform: "tensorflow"
           model_version_policy { specific { versions: 4 versions: 2 } }
           version_labels { key: 'new' value: 4 } version_labels { key: 'b' value: 2 } }
  config { name: 'three' base_path: '/m/3' model_platform: 'tensorflow'
           model_version_policy: { latest { num_versions: 3 } } },
  config { name: 'all' base_path: '/m/4' model_type: TENSORFLOW model_version_policy: { all {} } }
}"""


def written(tmp_path, text):
    path = tmp_path / "file.config"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_models(tmp_path):
    models, content = config.read_models(written(tmp_path, MODELS.replace("},\n", "}\n")))
    assert models == [
        Model("one", "/m/one"),
        Model("two", "/m/two", ("specific", (4, 2)), (("b", 2), ("new", 4))),
        Model("three", "/m/3", ("latest", 3)), Model("all", "/m/4", ("all",))]
    assert content.startswith(b"\nmodel_config_list")


@pytest.mark.parametrize("text, error", [
    ("model_config_list { config { nam: 'x' } }", "Error parsing text-format tensorflow.serving.ModelServerConfig"),
    (b"\xff\xfe", "Error parsing text-format tensorflow.serving.ModelServerConfig"),
    ("model_config_list { config { base_path: '/x' model_platform: 'tensorflow' } }", "no name"),
    ("model_config_list { config { name: 'x' base_path: '/x' } }", "Illegal setting neither"),
    ("model_config_list { config { name: 'x' base_path: '/x' model_platform: 'caffe' } }",
     "Model x requests unsupported platform caffe"),
    ("model_config_list { config { name: 'x' base_path: 'x' model_platform: 'tensorflow' } }",
     "Expected model x to have an absolute path or URI; got base_path()=x"),
    ("model_config_list {" + 2 * "config { name: 'x' base_path: '/x' model_platform: 'tensorflow' }"
     + "}", "Illegal to list model x multiple times in config list"),
])
def test_an_error_in_a_model_configuration_file_is_one_line(tmp_path, text, error):
    path = written(tmp_path, text)
    with pytest.raises(UserError, match="file.config: ") as raised:
        config.read_models(path)
    assert error in str(raised.value)


def test_a_missing_configuration_file_is_reported():
    with pytest.raises(UserError, match="/no/such: cannot be read"):
        config.read_models("/no/such")


def test_batching(tmp_path):
    path = written(tmp_path, """
        max_batch_size { value: 128 } batch_timeout_micros { value: 0 }
        num_batch_threads { value: 4 } max_enqueued_batches { value: 7 }
        allowed_batch_sizes: 16 allowed_batch_sizes: 128 thread_pool_name { value: "p" }""")
    assert config.read_batching(path) == Batching(128, 0, 7, 4, (16, 128), False)
    assert config.read_batching(written(tmp_path, "")) == Batching()


@pytest.mark.parametrize("text, error", [
    ("max_batch_size { value: 0 }", "max_batch_size is 0"),
    ("allowed_batch_sizes: 4 allowed_batch_sizes: 2", "monotonically increasing"),
    ("allowed_batch_sizes: 4", "final entry in allowed_batch_sizes must equal max_batch_size"),
    ("max_batch_size: 4", "Error parsing text-format tensorflow.serving.BatchingParameters")])
def test_invalid_batching_parameters_are_reported(tmp_path, text, error):
    with pytest.raises(UserError, match=error):
        config.read_batching(written(tmp_path, text))


@pytest.mark.parametrize("text, path", [
    ("prometheus_config { enable: true }", "/monitoring/prometheus/metrics"),
    ('prometheus_config { enable: true path: "/x" }', "/x"),
    ('prometheus_config { path: "/x" }', None),
    ("", None)])
def test_monitoring(tmp_path, text, path):
    assert config.read_metrics_path(written(tmp_path, text)) == path
