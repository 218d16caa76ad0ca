//! The doors, origins and permissions, the queue of windows, the journal.
