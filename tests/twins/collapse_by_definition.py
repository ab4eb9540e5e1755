"""What a breach brings, from the scenario's own words and one war at a time; slow and obvious.

Everything here speaks of names: parcels, steps, guarantees.  A war is set up for one believer, with
that believer's numbers, and valued by one direct call.
"""

from itertools import chain, combinations

import numpy as np

from scenarios import Numbers
from servanda.problems.war import Outbreaks, WarSettings
from servanda.solvers.war_value import war_values
from twins import agreement_by_definition as peace

TIE = 1e-9
SIDES = ("a", "b")


def subsets(names):
    names = sorted(names)
    return chain.from_iterable(combinations(names, n) for n in range(len(names) + 1))


class Breaches:
    """Breaches of one package at one draw.

    Args:
        scenario: the scenario.
        params: its parameters, read by path.
        theta: (P,) the draw.
        package: issue to option.
        clocks: months of quiet that are looked at, ascending; the last stands for the limit.
        credibility: probability by (actor, guarantee), instead of the scenario's.
    """

    def __init__(self, scenario, params, theta, package, clocks, credibility=None):
        self.scenario, self.package, self.clocks = scenario, package, list(clocks)
        self.numbers = {actor: Numbers(params, theta, actor) for actor in scenario.actors}
        self.given = credibility
        self.known = {}

    # -- what a breach of each kind is worth ------------------------------------------------

    def attack(self, breaker, completed):
        """W of the breaker at every clock."""
        return sum(
            chance * self.wars(breaker, breaker, left)
            for left, chance in self.snap_backs(breaker, completed).items()
        )

    def renege(self, breaker, completed):
        """Z of the breaker at every clock."""
        total = np.zeros(len(self.clocks))
        for left, chance in self.snap_backs(breaker, completed).items():
            total += chance * self.aftermath(breaker, left)
        return total

    def attack_to(self, actor, breaker, completed):
        """The same to any actor, with the chances that it gives to what snaps back."""
        return sum(
            chance * self.wars(actor, breaker, left)
            for left, chance in self.snap_backs(breaker, completed, actor).items()
        )

    def renege_to(self, actor, breaker, completed):
        return sum(
            chance * self.aftermath(breaker, left, actor)
            for left, chance in self.snap_backs(breaker, completed, actor).items()
        )

    def failure(self, actor, completed):
        """An end without anybody's breach: nothing snaps back, nothing is voided."""
        return self.aftermath(None, frozenset(completed), actor)

    def aftermath(self, breaker, left, actor=None):
        actor = actor or breaker
        war = self.wars(actor, breaker, left)
        if self.fighting_goes_on(left):
            return np.array(war)
        frozen = self.frozen(actor, breaker, left)
        value = []
        for t in range(len(self.clocks)):
            fought = any(
                max(self.wars(j, breaker, left)[t:]) > self.frozen(j, breaker, left) + TIE
                for j, actor in self.scenario.actors.items()
                if actor.side
            )
            value.append(war[t] if fought else frozen)
        return np.array(value)

    def fighting_goes_on(self, left):
        stops = [
            name
            for name in peace.steps_of(self.scenario, self.package)
            if self.scenario.steps[name].ceasefire
        ]
        return bool(stops) and not set(stops) & set(left)

    # -- its parts ---------------------------------------------------------------------------

    def snap_backs(self, breaker, completed, actor=None):
        """Sets of steps left, with the probability the actor (or the breaker) gives them."""
        outcomes = {frozenset(completed): 1.0}
        for name in completed:
            step = self.scenario.steps[name]
            if step.snap_back is None or set(step.snap_back_by) <= {breaker}:
                continue
            undone = 1.0
            if step.snap_back != "automatic":
                undone = self.numbers[actor or breaker](f"steps.{name}.snap-back")
            new = {}
            for left, chance in outcomes.items():
                for after, share in ((left - {name}, undone), (left, 1.0 - undone)):
                    if share > 0.0:
                        new[after] = new.get(after, 0.0) + chance * share
            outcomes = new
        return outcomes

    def voided(self, breaker):
        side = self.scenario.actors[breaker].side if breaker else None
        return frozenset(
            name
            for name, item in self.scenario.guarantees.items()
            if side and item.conditional and self.scenario.actors[item.protects].side == side
        )

    def frozen(self, actor, breaker, left):
        return peace.flow(
            self.scenario, self.numbers[actor], self.package, actor, left, self.voided(breaker)
        )

    def wars(self, actor, breaker, left, expired=frozenset()):
        """W of an actor at every clock, after what is left of the agreement."""
        key = (actor, breaker, frozenset(left), expired)
        if key not in self.known:
            self.known[key] = self._wars(actor, breaker, left, expired)
        return self.known[key]

    def _wars(self, actor, breaker, left, expired):
        number = self.numbers[actor]
        world = peace.world(self.scenario, left)
        acting = world.in_force - self.voided(breaker) - expired
        total = np.zeros(len(self.clocks))
        for honoured in subsets(acting):
            chance = self.chance_of(actor, acting, set(honoured))
            if chance == 0.0:
                continue
            for holder, share in self.takers(number, breaker, world.holder):
                total += chance * share * self.direct(actor, world, holder, honoured)
        return total

    def chance_of(self, actor, acting, honoured):
        """Probability an actor gives to exactly these guarantees being honoured."""
        chance = 1.0
        for name in acting:
            leader = self.scenario.guarantees[name].follows
            probability = self.credibility(actor, name)
            if leader is not None and leader not in honoured:
                probability = 0.0
            chance *= probability if name in honoured else 1.0 - probability
        return chance

    def credibility(self, actor, name):
        if self.given is not None:
            return self.given[actor, name]
        number, base = self.numbers[actor], f"guarantees.{name}"
        if self.scenario.guarantees[name].credibility is not None:
            return number(f"{base}.credibility")
        stake = number(f"{base}.derived.interest") + number(f"{base}.derived.stake")
        return min(1.0, stake / number(f"{base}.derived.ceiling"))

    def takers(self, number, breaker, holder):
        """Who holds what when war starts, with probabilities."""
        before = {name: self.scenario.parcels[name].held_by for name in holder}
        empty = [name for name, who in holder.items() if who == "demilitarised"]
        back = {**holder, **{name: before[name] for name in empty}}
        if not empty or not breaker or not self.scenario.actors[breaker].side:
            return [(back, 1.0)]
        chance = number("war.demilitarised-to-breaker")
        return [({**holder, **dict.fromkeys(empty, breaker)}, chance), (back, 1.0 - chance)]

    # -- one war -----------------------------------------------------------------------------

    def direct(self, actor, world, holder, honoured):
        """Value of one war to one actor in its own numbers, at every clock: a call for each."""
        level = tuple(sorted(world.level.items()))
        empty = frozenset(n for n, who in world.holder.items() if who == "demilitarised")
        key = (actor, tuple(sorted(holder.items())), empty, level, tuple(honoured))
        if key not in self.known:
            self.known[key] = np.array(
                [self.one_war(actor, holder, empty, level, honoured, t) for t in self.clocks]
            )
        return self.known[key]

    def one_war(self, actor, holder, empty, level, honoured, quiet):
        settings = war_settings(self.scenario, self.numbers[actor], actor, holder)
        outbreak = outbreak_of(
            self.scenario, self.numbers[actor], actor, holder, empty, level, honoured, quiet
        )
        values, _ = war_values(settings, outbreak, tolerance=1e-11, threads=1)
        return float(values[0, 0])

    # -- the agreement for good --------------------------------------------------------------

    def completion(self, actor):
        """V_i(K): for ever, or until guarantees run out one after the other."""
        completed = frozenset(peace.steps_of(self.scenario, self.package))
        in_force = peace.world(self.scenario, completed).in_force
        term = {n: self.scenario.guarantees[n].term for n in in_force}
        ends = sorted({12.0 * years for years in term.values() if years is not None})
        rate = self.numbers[actor](f"actors.{actor}.discount")
        delta = (1.0 + rate) ** (-1.0 / 12.0)
        value, month, gone = 0.0, 0.0, frozenset()
        for end in [*ends, np.inf]:
            war = self.war_after_expiry(gone, completed) if gone else None
            if war is not None:
                return value + delta**month * war[actor]
            flow = peace.flow(
                self.scenario, self.numbers[actor], self.package, actor, completed, gone
            )
            value += (delta**month - (delta**end if end < np.inf else 0.0)) * flow
            month = end
            gone = frozenset(n for n in in_force if term[n] is not None and 12 * term[n] <= end)
        return value

    def war_after_expiry(self, gone, completed):
        """What belligerents that would now rather fight bring all, by lot; None if nobody."""
        wars = []
        for j, who in self.scenario.actors.items():
            if not who.side:
                continue
            peaceful = peace.flow(self.scenario, self.numbers[j], self.package, j, completed, gone)
            outcomes = self.snap_backs_of_all(j, completed)
            own = sum(p[j] * self.wars(j, j, left, gone)[-1] for left, p in outcomes.items())
            if own > peaceful + TIE:
                wars.append(
                    {
                        i: sum(
                            p[i] * self.wars(i, j, left, gone)[-1] for left, p in outcomes.items()
                        )
                        for i in self.scenario.actors
                    }
                )
        if not wars:
            return None
        return {i: sum(war[i] for war in wars) / len(wars) for i in self.scenario.actors}

    def snap_backs_of_all(self, breaker, completed):
        """What is left, with the probability that each actor gives it."""
        found = {}
        for actor in self.scenario.actors:
            seen = Breaches.__new__(Breaches)
            seen.scenario, seen.numbers = (
                self.scenario,
                dict.fromkeys(self.scenario.actors, self.numbers[actor]),
            )
            for left, chance in seen.snap_backs(breaker, completed).items():
                found.setdefault(left, dict.fromkeys(self.scenario.actors, 0.0))[actor] = chance
        return found


def effect(number, level, key):
    product = 1.0
    for name, at in level:
        product *= max(1.0 + number(f"instruments.{name}.{key}") * number(at), 0.0)
    return product


def speaker(scenario, side):
    return next(name for name in scenario.war.strength if scenario.actors[name].side == side)


def trend(number, path, most):
    now = min(number(f"{path}.now"), most)
    cap = number(f"{path}.cap", default=now)
    return [now, number(f"{path}.drift"), min(max(cap, now), most)]


def war_settings(scenario, number, actor, holder):
    """The scenario's war to one actor, given who holds the land away from the fronts."""
    fronts = list(scenario.fronts.values())
    longest = max((len(front.parcels) for front in fronts), default=1)
    count = len(fronts)
    land = np.zeros((1, count, longest + 1, 1))
    defence = np.ones((1, count, longest, 2))
    exposure = np.zeros((1, count, longest + 1, 2))
    for k, front in enumerate(fronts):
        for position in range(len(front.parcels) + 1):
            stays = [1.0, 1.0]
            for place, name in enumerate(front.parcels):
                now = speaker(scenario, "a" if place < position else "b")
                if peace.counts_as(scenario, actor, now):
                    land[0, k, position, 0] += number(f"parcels.{name}.worth.{actor}")
                first = SIDES.index(scenario.actors[scenario.parcels[name].held_by].side)
                if first != (0 if place < position else 1):
                    stays[first] *= 1.0 - number(f"parcels.{name}.exposure")
            exposure[0, k, position] = [1.0 - stays[0], 1.0 - stays[1]]
        for place, name in enumerate(front.parcels):
            first = SIDES.index(scenario.actors[scenario.parcels[name].held_by].side)
            works = number(f"parcels.{name}.fortification")
            defence[0, k, place, first] += number("war.fortification-effect") * works
    package = {issue: peace.status_quo(scenario, issue) for issue in scenario.issues}
    flow = peace.value_of_answers(scenario, number, package, actor, set())
    for name, link in scenario.links.items():
        if all(
            peace.status_quo(scenario, r.split(".")[0]) == r.split(".")[1] for r in link.options
        ):
            flow += number(f"links.{name}.value.{actor}")
    on_front = {name for front in fronts for name in front.parcels}
    aside = {name: who for name, who in holder.items() if name not in on_front}
    flow += peace.land(scenario, number, actor, aside)
    two = [speaker(scenario, side) for side in SIDES]
    return WarSettings(
        discount=[[(1.0 + number(f"actors.{actor}.discount")) ** (-1.0 / 12.0)]],
        flow=[[flow]],
        land=land,
        size=np.array([len(front.parcels) for front in fronts], np.int64),
        tempo=np.array([[number(f"fronts.{name}.tempo") for name in scenario.fronts]]),
        initiative=[number("war.initiative")],
        decisiveness=[number("war.decisiveness")],
        defence=defence,
        exposure=exposure,
        absorbing=np.array([[f.ends == "absorb"] * 2 for f in fronts], bool).reshape(count, 2),
        rearm_gain=[[number(f"war.rearmament.{name}.gain") for name in two]],
        rearm_months=[[number(f"war.rearmament.{name}.months", default=12.0) for name in two]],
        rearm_decay=[number("war.rearmament-decay")],
        exhaustion=[[trend(number, f"war.exhaustion.{name}", 1.0) for name in two]],
        cost=[[trend(number, f"war.costs.{actor}", np.inf)]],
        freeze=[trend(number, "war.freeze", 1.0)],
        imposed=[[[number(f"war.imposed.{name}.{actor}")] for name in two]],
        war_months=[number("war.months-so-far")],
        memory=[number("war.memory")],
    )


def outbreak_of(scenario, number, actor, holder, empty, level, honoured, quiet):
    """One war: where the line stands, how high every level is, who honours what."""
    fronts = list(scenario.fronts.values())
    longest = max((len(front.parcels) for front in fronts), default=1)
    start = [sum(scenario.actors[holder[n]].side == "a" for n in front.parcels) for front in fronts]
    fortified = np.zeros((1, len(fronts), longest), bool)
    for k, front in enumerate(fronts):
        for place, name in enumerate(front.parcels):
            fortified[0, k, place] = name not in empty
    strength, exhaustion = [], []
    for side in SIDES:
        name = speaker(scenario, side)
        own = number(f"war.strength.{name}") * effect(number, level, f"strength.{name}")
        tired = effect(number, level, f"exhaustion.{name}")
        for promise in honoured:
            if scenario.actors[scenario.guarantees[promise].protects].side == side:
                own *= 1.0 + number(f"guarantees.{promise}.adds-strength")
                tired *= 1.0 - number(f"guarantees.{promise}.cuts-exhaustion")
        strength.append(max(own, 1e-9))
        exhaustion.append(tired)
    extra = 0.0
    for promise in honoured:
        item = scenario.guarantees[promise]
        protected, own_side = scenario.actors[item.protects].side, scenario.actors[actor].side
        if own_side and own_side != protected:
            extra += number(f"guarantees.{promise}.costs-attacker")
        if item.by == actor:
            extra += number(f"guarantees.{promise}.honour-cost")
    return Outbreaks(
        setting=np.zeros(1, np.int64),
        start=np.array([start], np.int64).reshape(1, len(fronts)),
        fortified=fortified,
        strength=[strength],
        exhaustion_factor=[exhaustion],
        cost_factor=[[effect(number, level, f"costs.{actor}")]],
        cost_extra=[[extra]],
        flow_extra=[[0.0]],  # the settings say what the land is worth as it now stands
        tempo_factor=[effect(number, level, "tempo")],
        quiet=[float(quiet)],
    )
