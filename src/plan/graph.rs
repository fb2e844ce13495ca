//! A graph of steps, and its topological order.

use std::collections::BTreeSet;

/// Which step must, and which should, come before which. A step is its index in a list that somebody else keeps.
#[derive(Debug)]
pub struct Graph {
    /// For each step those that wait for it, and how firmly.
    frees: Vec<BTreeSet<(usize, Bond)>>,
}

/// How firmly a step waits for another.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Bond {
    Must,
    Should,
}

/// How many others a step still waits for.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    must: usize,
    should: usize,
}

impl Graph {
    /// A graph of `steps` steps in any order.
    pub fn new(steps: usize) -> Graph {
        Graph { frees: vec![BTreeSet::new(); steps] }
    }

    /// `first` must be done before `then`.
    pub fn must(&mut self, first: usize, then: usize) {
        self.bind(first, then, Bond::Must);
    }

    /// `first` is better done before `then`; given up where nothing else goes.
    pub fn should(&mut self, first: usize, then: usize) {
        self.bind(first, then, Bond::Should);
    }

    fn bind(&mut self, first: usize, then: usize, bond: Bond) {
        if let Some(frees) = self.frees.get_mut(first).filter(|_| first != then) {
            frees.insert((then, bond));
        }
    }

    /// All steps in order, and the cycles that had to be broken, each beginning with the step that was let go. Among
    /// steps that are free the one with the lowest `rank` comes first, then the one with the lowest number: the same
    /// graph has the same order.
    pub fn sort<R: Ord>(&self, rank: impl Fn(usize) -> R) -> (Vec<usize>, Vec<Vec<usize>>) {
        let mut open = self.open();
        let mut left: BTreeSet<(R, usize)> = (0..self.frees.len()).map(|step| (rank(step), step)).collect();
        let mut free: BTreeSet<(R, usize)> = BTreeSet::new();
        let (mut order, mut cycles) = (Vec::new(), Vec::new());
        let is_free =
            |open: &[Open], step: usize| open.get(step).is_some_and(|o| o.must == 0 && o.should == 0);
        free.extend((0..self.frees.len()).filter(|s| is_free(&open, *s)).map(|step| (rank(step), step)));
        while !left.is_empty() {
            let step = match free.pop_first() {
                Some((_, step)) => step,
                None => self.break_cycle(&open, &left, &mut cycles),
            };
            left.remove(&(rank(step), step));
            order.push(step);
            for (then, bond) in self.frees.get(step).into_iter().flatten() {
                release(&mut open, *then, *bond);
                if is_free(&open, *then) && left.contains(&(rank(*then), *then)) {
                    free.insert((rank(*then), *then));
                }
            }
        }
        (order, cycles)
    }

    /// What each step waits for at the beginning.
    fn open(&self) -> Vec<Open> {
        let mut open = vec![Open::default(); self.frees.len()];
        for (then, bond) in self.frees.iter().flatten() {
            if let Some(open) = open.get_mut(*then) {
                match bond {
                    Bond::Must => open.must += 1,
                    Bond::Should => open.should += 1,
                }
            }
        }
        open
    }

    /// The step to do next when all wait: one that only wishes to wait, else the first of a cycle.
    fn break_cycle<R: Ord>(
        &self,
        open: &[Open],
        left: &BTreeSet<(R, usize)>,
        cycles: &mut Vec<Vec<usize>>,
    ) -> usize {
        let waits = |step: &usize| open.get(*step).is_none_or(|open| open.must > 0);
        if let Some((_, step)) = left.iter().find(|(_, step)| !waits(step)) {
            return *step;
        }
        let mut cycle = self.cycle(left);
        let first = left.iter().map(|(_, step)| *step).find(|step| cycle.contains(step)).unwrap_or_default();
        let at = cycle.iter().position(|step| *step == first).unwrap_or_default();
        cycle.rotate_left(at);
        cycles.push(cycle);
        first
    }

    /// A cycle among the steps that are left, all of which wait for one of them.
    fn cycle<R: Ord>(&self, left: &BTreeSet<(R, usize)>) -> Vec<usize> {
        let mut waits_for = vec![None; self.frees.len()];
        for (_, step) in left {
            for (then, _) in
                self.frees.get(*step).into_iter().flatten().filter(|(_, bond)| *bond == Bond::Must)
            {
                if let Some(known) = waits_for.get_mut(*then) {
                    *known = Some(*step);
                }
            }
        }
        let mut path: Vec<usize> = left.first().map(|(_, step)| *step).into_iter().collect();
        while let Some(next) = path.last().and_then(|step| waits_for.get(*step).copied().flatten()) {
            if let Some(at) = path.iter().position(|step| *step == next) {
                return path.split_off(at);
            }
            path.push(next);
        }
        path
    }
}

fn release(open: &mut [Open], step: usize, bond: Bond) {
    if let Some(open) = open.get_mut(step) {
        match bond {
            Bond::Must => open.must -= 1,
            Bond::Should => open.should -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        steps: usize,
        must: &[(usize, usize)],
        should: &[(usize, usize)],
        order: &[usize],
        cycles: &str,
    ) {
        let mut graph = Graph::new(steps);
        for (first, then) in must {
            graph.must(*first, *then);
        }
        for (first, then) in should {
            graph.should(*first, *then);
        }
        let (found, broken) = graph.sort(|_| 0);
        assert_eq!(found, order);
        assert_eq!(format!("{broken:?}"), cycles);
    }

    #[test]
    fn first_things_first() {
        check(3, &[], &[], &[0, 1, 2], "[]");
        check(3, &[(2, 0)], &[], &[1, 2, 0], "[]");
        check(3, &[(2, 0)], &[(0, 1)], &[2, 0, 1], "[]");
        check(2, &[(1, 0)], &[(0, 1)], &[1, 0], "[]");
        check(4, &[(1, 2), (2, 1), (2, 3)], &[], &[0, 1, 2, 3], "[[1, 2]]");
    }
}
