//! How far the change log can be seen from here, for those who wait until it grows.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A number that only grows, with those who wait for it. Clones share the number.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    last: i64,
    tickets: u64,
    /// By ticket: the number to be exceeded, and whom to wake then.
    waiting: HashMap<u64, (i64, Waker)>,
}

impl Pulse {
    /// A pulse that stands at `last`.
    pub fn new(last: i64) -> Self {
        Self { state: Arc::new(Mutex::new(State { last, ..State::default() })) }
    }

    /// Moves the number up and wakes those who waited for it. A number that is not higher changes nothing.
    pub fn advance(&self, seq: i64) {
        let woken: Vec<Waker> = {
            let mut state = self.lock();
            if seq <= state.last {
                return;
            }
            state.last = seq;
            state.waiting.extract_if(|_, (bar, _)| *bar < seq).map(|(_, (_, waker))| waker).collect()
        };
        // Outside of the lock, for who is woken may look at the pulse at once.
        woken.into_iter().for_each(Waker::wake);
    }

    /// The number.
    pub fn last(&self) -> i64 {
        self.lock().last
    }

    /// Waits until the number is higher than `seq`, and gives it.
    pub fn beyond(&self, seq: i64) -> Beyond {
        Beyond { pulse: self.clone(), seq, ticket: None }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a pulse, see [`Pulse::beyond`].
#[derive(Debug)]
#[must_use = "it waits only when it is awaited"]
pub struct Beyond {
    pulse: Pulse,
    seq: i64,
    ticket: Option<u64>,
}

impl Future for Beyond {
    type Output = i64;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let this = self.get_mut();
        let mut state = this.pulse.lock();
        if state.last > this.seq {
            if let Some(ticket) = this.ticket.take() {
                state.waiting.remove(&ticket);
            }
            return Poll::Ready(state.last);
        }
        let ticket = match this.ticket {
            Some(ticket) => ticket,
            None => {
                state.tickets += 1;
                state.tickets
            }
        };
        this.ticket = Some(ticket);
        state.waiting.insert(ticket, (this.seq, context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Beyond {
    fn drop(&mut self) {
        // Who no longer waits leaves nothing behind.
        if let Some(ticket) = self.ticket {
            self.pulse.lock().waiting.remove(&ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn poll(beyond: &mut Beyond, count: &Arc<Count>) -> Poll<i64> {
        Pin::new(beyond).poll(&mut Context::from_waker(&Waker::from(count.clone())))
    }

    #[test]
    fn who_waits_is_woken_once_the_number_is_exceeded() {
        let (pulse, count) = (Pulse::new(3), Arc::new(Count::default()));
        let mut beyond = pulse.beyond(4);
        assert_eq!(poll(&mut beyond, &count), Poll::Pending);
        pulse.advance(4);
        assert_eq!((poll(&mut beyond, &count), count.0.load(Ordering::SeqCst)), (Poll::Pending, 0));
        pulse.clone().advance(9);
        assert_eq!((poll(&mut beyond, &count), count.0.load(Ordering::SeqCst)), (Poll::Ready(9), 1));
        pulse.advance(5);
        assert_eq!(pulse.last(), 9);
    }

    #[test]
    fn what_is_past_is_ready_at_once() {
        let count = Arc::new(Count::default());
        assert_eq!(poll(&mut Pulse::new(3).beyond(2), &count), Poll::Ready(3));
    }

    #[test]
    fn who_stops_waiting_leaves_nothing_behind() {
        let (pulse, count) = (Pulse::new(0), Arc::new(Count::default()));
        let mut dropped = pulse.beyond(0);
        let mut kept = pulse.beyond(0);
        // Asked twice, it still waits in one place.
        for _ in 0..2 {
            assert!(poll(&mut dropped, &count).is_pending() && poll(&mut kept, &count).is_pending());
        }
        assert_eq!(pulse.lock().waiting.len(), 2);
        drop(dropped);
        assert_eq!(pulse.lock().waiting.len(), 1);
        pulse.advance(1);
        assert_eq!((pulse.lock().waiting.len(), count.0.load(Ordering::SeqCst)), (0, 1));
        assert_eq!(poll(&mut kept, &count), Poll::Ready(1));
    }
}
