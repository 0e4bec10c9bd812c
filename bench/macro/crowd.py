"""Client processes that act as one, as one process may not open enough files for all clients."""


class Crowd:
    """One process for each node, all with as many clients."""

    def __init__(self, children):
        self._children = children

    def ask(self, line):
        """Of one after the other, so that connections wait in no backlog."""
        command, _, number = line.partition(" ")
        if command == "connect":
            line = f"{command} {int(number) // len(self._children)}"
        return _together([child.ask(line) for child in self._children])

    def answer(self):
        return _together([child.answer() for child in self._children])

    def stop(self):
        for child in self._children:
            child.stop()


def _together(answers):
    """Counts are added; of times the longest holds."""
    together = {}
    for key in answers[0]:
        values = [answer[key] for answer in answers]
        if key == "slowest_us":
            together[key] = [max(of_message) for of_message in zip(*values)]
        elif isinstance(values[0], list):
            together[key] = [entry for value in values for entry in value]
        elif isinstance(values[0], int) and not isinstance(values[0], bool):
            together[key] = sum(values)
        else:
            together[key] = max(values)
    return together
