//! What the library says of itself before it is registered: its version, and the instruction set it chose on this machine.

use std::ffi::{CStr, CString, c_char};
use std::sync::OnceLock;

use pulp::{Arch, Simd, WithSimd};

/// The npm package's manifest: one version for the library and for what loads it.
const MANIFEST: &str = include_str!("../../package.json");

/// "1.2.3 avx2+fma", as a C string that lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn autodidact_kernels_description() -> *const c_char {
    description().as_ptr()
}

fn description() -> &'static CStr {
    static TEXT: OnceLock<CString> = OnceLock::new();
    TEXT.get_or_init(|| CString::new(format!("{} {}", version(), instructions())).unwrap_or_default())
}

fn version() -> &'static str {
    let field = MANIFEST.split_once("\"version\"").map_or("", |(_, rest)| rest);
    field.split('"').nth(1).unwrap_or("")
}

/// The instruction set that every dispatch chooses.
fn instructions() -> &'static str {
    struct Ask;
    impl WithSimd for Ask {
        type Output = &'static str;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> &'static str {
            match S::F32_LANES {
                16 => "avx512",
                8 => "avx2+fma",
                4 if cfg!(target_arch = "aarch64") => "neon",
                _ => "plain",
            }
        }
    }
    Arch::new().dispatch(Ask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_the_packages_version_and_the_instruction_set_of_this_machine() {
        let (version, instructions) =
            description().to_str().ok().and_then(|text| text.split_once(' ')).expect("two words");
        assert_eq!(version.split('.').count(), 3, "{version}");
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{version}");
        println!("instructions: {instructions}"); // for who runs the tests on another processor
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            assert!(["avx2+fma", "avx512"].contains(&instructions), "{instructions}");
        }
        assert!(!instructions.is_empty());
    }
}
