"""Where a run comes from: the commit of this code, the machine and the versions that trained."""

import pathlib
import platform
import subprocess

import cv2
import numpy
import timm
import torch
import torchvision


def revision():
    """The commit of this package, with a plus sign where its files were changed since; "unknown" outside a repository."""
    folder = pathlib.Path(__file__).parent.parent

    def git(*words):
        return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("log", "-1", "--format=%H", "--", ".") + ("+" if git("status", "--porcelain", "--", ".") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine(device):
    """The processor or GPU, in words."""
    if device != "cpu":
        return torch.cuda.get_device_name(device)
    try:
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names) or '?'} × {names[0] if names else platform.processor() or platform.machine()}"


def sitting(config, step, device):
    """One entry of a run's history: from which step on which code and configuration trained, where, and with what."""
    return {"step": step, "steps": config.steps, "decay": config.decay, "commit": revision(), "machine": machine(device),
            "versions": {"torch": str(torch.__version__), "torchvision": str(torchvision.__version__), "timm": timm.__version__, "numpy": numpy.__version__, "opencv": cv2.__version__}}
