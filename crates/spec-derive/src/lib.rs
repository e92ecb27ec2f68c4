//! The derives of `counterfeit-spec`: metadata from attributes and doc comments, as static data.

mod attribute;
mod choice;
mod spec;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `Spec` for a struct of settings.
///
/// - `#[setting(...)]`: a setting. The doc comment is its help. `label = "..."` and `source = "..."` are needed, and
///   of numbers `range = 1..=64`; `0.0..1.0` excludes the end. Further: `default = value`; `key = "..."`, if it is not
///   the field's name; `unit = "..."`; `live`; `basic`, if a form
///   shows it at once; `only(other = ["a", "b"])` or `only(other = function)`, where `other` is a
///   field's name, or a key elsewhere; of choices `except = ["c"]`.
/// - `#[nested(...)]`: another such struct. `prefix = "d_"` begins its keys; `change(key(help = "...", ...))` changes
///   label, help, source, `only` or `except` of its settings, by the key in that struct; `default = value` is another
///   than its own.
///
/// If every setting has a default, `Default` is derived too.
#[proc_macro_derive(Spec, attributes(setting, nested))]
pub fn spec(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    spec::derive(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Derives `Choice` for an enum without data: `#[choice("label")]` or `#[choice(key = "...", label = "...")]` at each
/// variant. Without `key` it is the variant's name in kebab-case.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::derive(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
