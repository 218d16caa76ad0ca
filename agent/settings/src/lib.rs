//! The person's and the administrator's settings, their schema and places on disk.
