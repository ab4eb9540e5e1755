"""A small war with talks, written for Mesa, in its own interpreter: a time and what came out.

    .venv-peers/bin/python benchmarks/mesa_peer.py game.json

Prints the version; then, for each line "count seed" on standard input, one JSON object with the
processor seconds that so many histories took and, for each history, the month of signature, the
deal, the line then, the month of the breach and by whom (-1 where there was none). Start-up and
reading are left out.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import mesa

NEVER = -1
TIE = 1e-12


class Side(mesa.Agent):
    """One of the two: offers, accepts what its threshold lets through, and may break its word."""

    def __init__(self, model: "War", number: int) -> None:
        super().__init__(model)
        self.number = number
        self.hazard = model.game["hazard"][number]

    def accepts(self, worth: list[float]) -> bool:
        """Whether a deal is worth what follows a refusal, which the game's solution says."""
        war = self.model
        threshold = war.game["refusal"][war.month][war.moves][war.line][self.number]
        return worth[self.number] >= threshold - TIE

    def offer(self, other: "Side") -> int:
        """The best deal for oneself among those that both would rather have than go on."""
        deals = self.model.game["deals"][self.model.line]
        open_ = [c for c, worth in enumerate(deals) if self.accepts(worth) and other.accepts(worth)]
        return max(open_, key=lambda c: deals[c][self.number], default=NEVER)


class War(mesa.Model):
    """One history: a line that moves, talks until something is signed, then a peace or a breach."""

    def __init__(self, game: dict[str, Any], seed: int) -> None:
        super().__init__(seed=seed)
        self.game = game
        self.month, self.line, self.moves = 0, game["start"], 0
        self.signed = self.deal = self.line_then = self.broken = self.breaker = NEVER
        self.sides = [Side(self, number) for number in range(2)]

    def step(self) -> None:
        if self.deal == NEVER and self.month < self.game["months"]:
            self.talk()
        if self.deal == NEVER:
            self.fight()
        else:
            self.keep()
        self.month += 1
        self.running = self.broken == NEVER and self.month < self.game["horizon"]

    def talk(self) -> None:
        first = self.random.random() < 0.5
        proposer, answerer = self.sides if first else self.sides[::-1]
        self.deal = proposer.offer(answerer)
        if self.deal != NEVER:
            self.signed, self.line_then = self.month, self.line

    def fight(self) -> None:
        number, tempo, chance = self.random.random(), self.game["tempo"], self.game["chance"]
        last = len(self.game["deals"]) - 1
        rise = tempo * chance if self.line < last else 0.0
        fall = tempo * (1 - chance) if self.line > 0 else 0.0
        if number < rise + fall:
            self.line += 1 if number < rise else -1
            self.moves += 1

    def keep(self) -> None:
        number = self.random.random()
        for side in self.sides:
            number -= side.hazard
            if number < 0:
                self.broken, self.breaker = self.month, side.number
                return


def main() -> None:
    game = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps({"version": mesa.__version__}), flush=True)
    for line in sys.stdin:
        count, seed = map(int, line.split())
        start = time.process_time()
        histories = []
        for number in range(count):
            war = War(game, seed * count + number)
            war.run_model()
            histories.append((war.signed, war.deal, war.line_then, war.broken, war.breaker))
        took = time.process_time() - start
        print(json.dumps({"seconds": took, "histories": histories}), flush=True)


if __name__ == "__main__":
    main()
