import threading

from muster.server.demo.play import Play


class Patrol:
    def __init__(self, play: Play, size: int) -> None:
        pass

    def walk(self, stop: threading.Event) -> None:
        stop.wait()
