//! Tests over the workspace itself: arrows between rooms, documents, catalogues.
