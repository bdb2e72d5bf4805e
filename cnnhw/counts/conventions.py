"""The named ways to add counts up, which differ in what is one access; docs/conventions.md compares them."""

from cnnhw.errors import CourseError

_TENSORS = ("ifmap", "filter", "psum")
_FILLS, _DRAINS, _NETWORK = "fills", "drains", "network"  # what is charged beside reads and updates
_CHARGED = {
    "transfer": {_NETWORK},
    "ports": {_FILLS, _DRAINS, _NETWORK},
    "timeloop": {_FILLS, _NETWORK},
    "accelforge": {_FILLS, _DRAINS},
}
CONVENTIONS = {
    "transfer": "a word that moves counts once, at the level it is read from or written to on the DRAM side",
    "ports": "a word that moves counts at both levels it touches",
    "timeloop": "a word that moves counts at both levels it touches; a psum that leaves, only further out",
    "accelforge": "a word that moves counts at both levels it touches, and the way between them is free",
    "chip": "words between the GLB and the array, padding stored and the first psum read",
    "worst": "four DRAM accesses for each MAC, nothing reused",
}


def reads_and_writes(counts, convention: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Add the four numbers of each level and tensor up under a convention, reads and writes apart.

    counts      Counts
    convention  "transfer": reads + updates; the NoC's deliveries + hops (Chen et al., ISCA 2016).
                "ports": reads + updates + fills + drains, and the same on the NoC.
                "timeloop": reads + updates + fills, and the same on the NoC (Parashar et al., ISPASS 2019).
                "accelforge": reads + updates + fills + drains, and nothing on the NoC.
                "chip": reads + updates of the GLB alone (Chen et al., JSSC 2017, table V).
                "worst": filter, ifmap and psum read and psum written in DRAM for each MAC (TALK slide 29)
    returns     (level, tensor) -> words read there, and written there; those on an array's network are read
    raises      CourseError if there is no such convention, or "chip" is asked of counts under other rules
    """
    if convention not in list(CONVENTIONS):
        raise CourseError(
            "an access is counted under a named convention",
            f"{convention!r}",
            f"use one of {', '.join(CONVENTIONS)}",
        )
    if convention == "worst":
        outermost = counts.levels[0]
        return {(outermost, tensor): (counts.macs, counts.macs * (tensor == "psum")) for tensor in _TENSORS}
    if convention == "chip":
        _check_chip(counts)
        return {key: (access.reads, access.updates) for key, access in counts.by.items() if key[0] == "GLB"}
    charged = _CHARGED[convention]
    drains, fills, network = (what in charged for what in (_DRAINS, _FILLS, _NETWORK))
    words = {
        key: (access.reads + drains * access.drains, access.updates + fills * access.fills)
        for key, access in counts.by.items()
    }
    return words | {key: (network * (noc.deliveries + noc.hops), 0) for key, noc in counts.arrays.items()}


def _check_chip(counts) -> None:
    if "GLB" not in counts.levels:
        raise CourseError(
            'the convention "chip" counts the words between a GLB and the array',
            f"levels {', '.join(counts.levels)}",
            'use "transfer" or "ports"',
        )
    if not counts.stores_padding or counts.first_psum not in ("read", "read at GLB"):
        raise CourseError(
            'the convention "chip" needs counts with the padding stored and the first psum read',
            f"stores_padding={counts.stores_padding}, first_psum={counts.first_psum!r}",
            'count on machine.with_(stores_padding=True, first_psum="read")',
        )
