"""Memory: words of the three tensors in one GLB or one register file, and never more than fit."""

from cnnhw.machine import CapacityError, Level
from cnnhw.machine.level import Share, whole
from cnnhw.nest import Where

TENSORS = ("ifmap", "filter", "psum")


class Memory:
    """One memory with the room of its level.

    level  name and rooms
    share  of the room for a word that a tensor's word takes
    place  what to call it in an error, such as "the GLB" or "the RF of PE (2, 3)"

    It may touch nothing but its own words: memory["ifmap"] maps the index of a word to its value.
    """

    def __init__(self, level: Level, place: str, share: Share = whole):
        self.level, self.place, self.share = level, place, share
        self._words = {tensor: {} for tensor in TENSORS}
        self._rooms, self._is_limited = level.rooms, level.words is not None
        self._group = {tensor: group for group in self._rooms for tensor in group}

    def __getitem__(self, tensor: str) -> dict:
        return self._words[tensor]

    def write(self, tensor: str, index, value) -> None:
        """Store a word, in place of the old one if it is there already.

        raises  CapacityError if there is no room for another word
        """
        words = self._words[tensor]
        if self._is_limited and index not in words:
            self._check_room(tensor, index)
        words[index] = value

    def take(self, tensor: str, index):
        """Give a word away: it is no longer here."""
        return self._words[tensor].pop(index)

    def _check_room(self, tensor: str, index) -> None:
        group = self._group.get(tensor, ())
        held = sum(len(self._words[name]) * self.share(name) for name in group)
        room = self._rooms.get(group, 0)
        if held + self.share(tensor) > room:
            raise CapacityError(
                "a memory never holds more words than it has room for",
                f"{tensor}{list(index)} for {self.place}, which holds {held} of {room} words",
                f"cut the loops inside {self.level.name} into smaller steps, or give it more words",
            )


def glb(level: Level, share: Share = whole) -> Memory:
    """Give the one global buffer."""
    return Memory(level, "the GLB", share)


def register_file(level: Level, row: int, col: int, share: Share = whole) -> Memory:
    """Give the register file of one PE."""
    return Memory(level, f"the {Where.RF} of PE ({row}, {col})", share)


def latch(row: int, col: int) -> Memory:
    """Give the inputs of one PE: words that its RF does not keep lie there for one cycle."""
    return Memory(Level(Where.RF), f"the inputs of PE ({row}, {col})")
