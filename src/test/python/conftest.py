import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "src" / "main" / "python"))
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def resources() -> Path:
    return ROOT / "src" / "test" / "resources"


@pytest.fixture(scope="session")
def tiny_package(tmp_path_factory) -> Path:
    from srformer import selection, tiny

    directory = tmp_path_factory.mktemp("packages") / "tiny"
    tiny.write(directory, "raf", selection.DEFAULTS)
    return directory
