"""Who could ask for more at each state of a plan, and whom each step favours."""

from dataclasses import dataclass
from typing import Any

from servanda.results.encode import to_plain


@dataclass(frozen=True)
class BargainingState:
    """One state of a plan, as a place where the remaining steps could be bargained over again.

    All mappings are by actor and hold those who could break off in this state.

    Attributes:
        stage: number of stages done.
        after: the steps just done, as a label; "" at signature.
        month: months since signature.
        clock: months of quiet.
        values: what the rest of the plan is worth.
        disagreement: what breaking off is worth.
        surplus: value less disagreement; negative: would rather break off.
        could_ask: most it could ask for, in points, before another would rather break off.
        even_split: what it would have if the whole surplus were shared evenly.
        advantage: even split less value: what it would gain by bargaining again from here; sums
            to 0 over actors.
        shift: change of its advantage by the stage just done; empty at signature.
    """

    stage: int
    after: str
    month: int
    clock: float
    values: dict[str, float]
    disagreement: dict[str, float]
    surplus: dict[str, float]
    could_ask: dict[str, float]
    even_split: dict[str, float]
    advantage: dict[str, float]
    shift: dict[str, float]

    @property
    def favoured(self) -> str | None:
        """Whose advantage the stage just done raised most; None where it raised nobody's."""
        best = max(self.shift, key=lambda actor: self.shift[actor], default=None)
        return best if best is not None and self.shift[best] > 1e-9 else None

    @property
    def sentence(self) -> str:
        """The state in neutral words."""
        when = f"After {self.after} (month {self.month})" if self.after else "At signature"
        unwilling = [actor for actor, points in self.surplus.items() if points < -1e-9]
        if not self.surplus:
            return f"{when} nobody can break off."
        if unwilling:
            gains = ", ".join(f"{actor} by {-self.surplus[actor]:.2f}" for actor in unwilling)
            text = f"{when} breaking off would already be worth more than going on: {gains} points."
            asks = ", ".join(f"{name} {self.could_ask[name]:.2f}" for name in unwilling)
            return f"{text} Before another would break off it could ask for up to: {asks}."
        asks = ", ".join(f"{actor} {points:.2f}" for actor, points in self.could_ask.items())
        text = f"{when} each could ask for up to so many points more: {asks}."
        if self.favoured is not None:
            gain = self.shift[self.favoured]
            text += f" The step moves the advantage by {gain:.2f} points towards {self.favoured}."
        return text


@dataclass(frozen=True)
class Renegotiation:
    """A plan's states in turn, signature first and completion last."""

    states: tuple[BargainingState, ...]

    @property
    def sentence(self) -> str:
        """Where a demand could be largest."""
        open_to = [
            (points, one, actor)
            for one in self.states
            for actor, points in one.could_ask.items()
            if one.advantage[actor] > 1e-9
        ]
        if not open_to:
            return "At no state would an even split of the surplus give anybody more than the plan."
        _, at, actor = max(open_to, key=lambda found: found[1].advantage[found[2]])
        when = f"after {at.after}" if at.after else "at signature"
        return (
            f"The plan invites bargaining again most {when}: an even split of the surplus would "
            f"give {actor} {at.advantage[actor]:.2f} points more than the plan does."
        )

    def to_dict(self) -> dict[str, Any]:
        """The states as plain values, with their sentences."""
        plain: dict[str, Any] = to_plain(self)
        for state, one in zip(plain["states"], self.states, strict=True):
            state["sentence"] = one.sentence
        plain["sentence"] = self.sentence
        return plain
