//! Work that is divided among the cores, and put together in its order.

use std::{collections::VecDeque, iter, num::NonZero, panic, thread};

/// How many threads work at a time.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// In how many parts work of this size is done: one for each core, none smaller than `least`; one at least.
pub fn parts(size: usize, least: usize) -> usize {
    cores().min(size / least.max(1)).max(1)
}

/// What `work` makes of each of `items`, in their order. The first is done by the thread that asks, each other by one of
/// its own.
pub fn each<T: Send, R: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return Vec::new() };
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = items.map(|item| scope.spawn(move || work(item))).collect();
        let first = work(first);
        let rest =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|why| panic::resume_unwind(why)));
        iter::once(first).chain(rest).collect()
    })
}

/// Gives what `work` makes of each of `items` to `take`, in their order: while one is taken, as many as there are cores are
/// made of those behind it. Ends where `take` fails.
pub fn ahead<T: Send, R: Send, E>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let mut items = items.into_iter();
    let work = &work;
    thread::scope(|scope| {
        let begin = |item| scope.spawn(move || work(item));
        let mut begun: VecDeque<_> = items.by_ref().take(cores()).map(begin).collect();
        while let Some(first) = begun.pop_front() {
            let made = first.join().unwrap_or_else(|why| panic::resume_unwind(why));
            begun.extend(items.next().map(begin));
            take(made)?;
        }
        Ok(())
    })
}

/// All of `parts`, one behind the other.
pub fn joined<T>(parts: Vec<Vec<T>>) -> Vec<T> {
    let more = parts.iter().skip(1).map(Vec::len).sum();
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default(); // the first may grow where it is, and is not copied then
    all.reserve_exact(more);
    parts.for_each(|part| all.extend(part));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_at_the_same_time_comes_in_order() {
        assert_eq!(each(0..20, |number| number * 2), (0..20).map(|number| number * 2).collect::<Vec<_>>());
        assert!(each(Vec::<u8>::new(), |number| number).is_empty());
        assert_eq!((parts(0, 10), parts(9, 10), parts(10, 0) >= 1), (1, 1, true));
        assert!(parts(1 << 40, 10) == cores());
    }

    #[test]
    fn what_is_made_ahead_is_taken_in_order() {
        let mut taken = Vec::new();
        let all = ahead(
            0..20,
            |number| number * 2,
            |made| {
                taken.push(made);
                Ok::<(), ()>(())
            },
        );
        assert_eq!((all, taken), (Ok(()), (0..20).map(|number| number * 2).collect()));
        let until =
            |most: i32| ahead(0..20, |number| number, |made| if made < most { Ok(()) } else { Err(made) });
        assert_eq!((until(5), until(20)), (Err(5), Ok(())));
        assert_eq!(ahead(Vec::<u8>::new(), |number| number, Err), Ok(()));
    }

    #[test]
    fn parts_are_joined_in_order() {
        assert_eq!(joined(vec![vec![1, 2], vec![], vec![3]]), [1, 2, 3]);
        assert!(joined(Vec::<Vec<u8>>::new()).is_empty());
    }

    #[test]
    #[should_panic(expected = "of a part")]
    fn the_panic_of_a_part_is_that_of_the_whole() {
        each([1, 2], |number| assert!(number < 2, "of a part"));
    }
}
