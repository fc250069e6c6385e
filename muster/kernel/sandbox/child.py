"""The child's side: limits itself, runs one function, answers in JSON. Only `process` runs this."""

import importlib
import json
import resource
import sys

_OUT_OF_MEMORY = 3  # as in `process`, which this program must not need


def main(folder: str, module: str, memory: str, seconds: str, *arguments: str) -> int:
    """Run `module.main(*arguments)` under limits of bytes and whole processor seconds."""
    sys.path.append(folder)
    work = importlib.import_module(module).main  # our own code: the limits are for what it reads
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    try:
        answer = json.dumps(work(*arguments))
    except MemoryError:
        return _OUT_OF_MEMORY
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
