//! `derive(Choice)`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Error, Ident, LitStr, Result, Variant};

use crate::attribute;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else { return Err(Error::new_spanned(input, "is for enums")) };
    let name = &input.ident;
    let names = data.variants.iter().map(|variant| &variant.ident);
    let options = data.variants.iter().map(option).collect::<Result<Vec<_>>>()?;
    let serde = serde(name);
    Ok(quote! {
        impl #name {
            const CHOICES: &'static [(Self, ::counterfeit_spec::Alternative)] = &[#((Self::#names, #options)),*];
        }

        #[automatically_derived]
        impl ::counterfeit_spec::Choice for #name {
            fn alternatives() -> ::std::vec::Vec<::counterfeit_spec::Alternative> {
                Self::CHOICES.iter().map(|(_, option)| *option).collect()
            }

            fn key(self) -> &'static str {
                Self::CHOICES[self as usize].1.value
            }

            fn from_key(key: &str) -> ::std::option::Option<Self> {
                Self::CHOICES.iter().find(|(_, option)| option.value == key).map(|(choice, _)| *choice)
            }
        }

        #serde
    })
}

/// Serialised as its key.
fn serde(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::counterfeit_spec::serde::Serialize for #name {
            fn serialize<S: ::counterfeit_spec::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(::counterfeit_spec::Choice::key(*self))
            }
        }

        #[automatically_derived]
        impl<'de> ::counterfeit_spec::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::counterfeit_spec::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::counterfeit_spec::read_choice(deserializer)
            }
        }
    }
}

/// Key and label of a variant.
fn option(variant: &Variant) -> Result<TokenStream> {
    let missing = || Error::new_spanned(variant, "needs #[choice(\"label\")]");
    let attribute = variant.attrs.iter().find(|a| a.path().is_ident("choice")).ok_or_else(missing)?;
    let mut key = kebab_case(&variant.ident.to_string()).to_token_stream();
    let label = if let Ok(label) = attribute.parse_args::<LitStr>() {
        label.to_token_stream()
    } else {
        let mut label = None;
        for argument in attribute::find(&variant.attrs, "choice")?.unwrap_or_default() {
            match argument.name.to_string().as_str() {
                "key" => key = argument.tokens()?.clone(),
                "label" => label = Some(argument.tokens()?.clone()),
                _ => return argument.unknown(),
            }
        }
        label.ok_or_else(missing)?
    };
    Ok(quote! { ::counterfeit_spec::Alternative { value: #key, label: #label } })
}

/// `RmsProp` as `rms-prop`.
fn kebab_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
