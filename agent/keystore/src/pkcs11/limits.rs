//! How long a token's library may take, and how often it is asked.

use std::time::Duration;

use pkcs11::wire::Request;

/// How long a token's library may take before its process is ended, and how often it is asked while somebody watches.
///
/// [`Limits::default`] is for people; tests have less patience.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until a host has loaded its library: C_Initialize of the big vendors' looks for its services and takes seconds on a
    /// cold disk.
    pub start: Duration,
    /// For C_GetSlotList and reading public objects. Certificates come off a card at some kilobytes a second.
    pub look: Duration,
    /// For C_Login with a PIN that we give: some cards stretch the time after wrong ones.
    pub log_in: Duration,
    /// For whatever waits for a person's fingers at the reader's own pad. The readers themselves give up after 30 to 60
    /// seconds, and shall be the first to do so.
    pub pad: Duration,
    /// For C_Sign: RSA on an old card takes up to three seconds, and another program may hold the card for a while.
    pub sign: Duration,
    /// For C_GenerateKeyPair: RSA of 2048 bits on a card takes up to two minutes, for primes are a matter of luck.
    pub generate: Duration,
    /// For writing and removing objects.
    pub write: Duration,
    /// Between two looks at a library that tells of no plugging in by itself.
    pub poll: Duration,
    /// The same at one that has told of some: for what it may have missed.
    pub poll_where_events_come: Duration,
    /// After the first failure of a library that is watched; each further one doubles it.
    pub first_pause: Duration,
    /// The longest of those pauses.
    pub longest_pause: Duration,
    /// How long a host may take to leave when it is not needed any more.
    pub leave: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            start: Duration::from_secs(10),
            look: Duration::from_secs(5),
            log_in: Duration::from_secs(15),
            pad: Duration::from_secs(90),
            sign: Duration::from_secs(20),
            generate: Duration::from_secs(180),
            write: Duration::from_secs(20),
            poll: Duration::from_millis(500),
            poll_where_events_come: Duration::from_secs(2),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            leave: Duration::from_millis(300),
        }
    }
}

impl Limits {
    /// How long the answer to a request may take. `at_the_pad`: a PIN is asked for at the reader.
    pub(super) fn of(&self, request: &Request, at_the_pad: bool) -> Duration {
        let own = match request {
            Request::Slots | Request::Keys { .. } | Request::LogOut { .. } => self.look,
            Request::LogIn { .. } => self.log_in,
            // A host that is ended in the middle of it leaves nobody who knows which PIN holds.
            Request::SetPin { .. } => self.write,
            Request::Sign { .. } => self.sign,
            Request::Generate { .. } => self.generate,
            Request::PutCertificate { .. } | Request::Remove { .. } => self.write,
        };
        match request {
            // The present PIN, the new one, and the new one once more.
            Request::SetPin { .. } if at_the_pad => self.pad * 3,
            _ if at_the_pad => own.max(self.pad),
            _ => own,
        }
    }

    /// How long to wait with the next look after so many failures on end.
    pub(super) fn pause(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_fails_again_and_again_is_asked_ever_more_seldom() {
        let pauses: Vec<u64> = (1..9).map(|failures| Limits::default().pause(failures).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(Limits::default().pause(u32::MAX), Duration::from_secs(60));
    }
}
