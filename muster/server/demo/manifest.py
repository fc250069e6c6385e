from muster.server.demo.play import Play


def publish(play: Play) -> None:
    pass
