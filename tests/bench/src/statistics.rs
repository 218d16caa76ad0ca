//! Medians of several runs.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The middle value; zero where there is none.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The value that this part of all values is not over; zero where there is none.
pub(crate) fn percentile(times: &mut [Duration], hundredth: usize) -> Duration {
    times.sort_unstable();
    let place = (times.len() * hundredth / 100).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default()
}

/// Runs something again and again for about this long; gives runs for each second.
pub(crate) fn per_second<T>(seconds: f64, mut run: impl FnMut() -> T) -> f64 {
    let begin = Instant::now();
    let mut count = 0u32;
    loop {
        black_box(run());
        count += 1;
        let passed = begin.elapsed().as_secs_f64();
        if passed >= seconds {
            return f64::from(count) / passed;
        }
    }
}

/// As people read it.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
