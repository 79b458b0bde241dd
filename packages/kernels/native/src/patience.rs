//! How much a unit test may compute.

/// Valgrind is fifty times slower: under it (the slow test that starts it says so) tests leave out their largest cases.
pub fn is_short() -> bool {
    std::env::var_os("AUTODIDACT_VALGRIND").is_some()
}
