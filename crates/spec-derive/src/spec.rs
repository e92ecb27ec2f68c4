//! `derive(Spec)`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Result};

use crate::attribute::{Argument, documentation, find};

/// What is written for one field.
struct Member {
    part: TokenStream,
    /// `name: value`, if the field has a default.
    default: Option<TokenStream>,
    /// Statements of `each` and `each_mut`.
    each: [TokenStream; 2],
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            _ => return Err(Error::new_spanned(input, "needs fields with names")),
        },
        _ => return Err(Error::new_spanned(input, "is for structs")),
    };
    let own = fields.iter().map(key).collect::<Result<Vec<_>>>()?;
    let members = fields.iter().map(|field| member(field, &own)).collect::<Result<Vec<_>>>()?;
    let (default, spec) = (default_impl(&input.ident, &members), spec_impl(&input.ident, &members));
    Ok(quote! { #default #spec })
}

fn member(field: &Field, own: &[(String, TokenStream)]) -> Result<Member> {
    let name = &field.ident;
    if let Some(arguments) = find(&field.attrs, "setting")? {
        return Ok(Member {
            part: setting(field, &arguments, own)?,
            default: default(&arguments)?.map(|value| quote! { #name: #value }),
            each: [quote! { take(&self.#name); }, quote! { take(&mut self.#name); }],
        });
    }
    let missing = || Error::new_spanned(field, "needs #[setting(...)] or #[nested(...)]");
    let arguments = find(&field.attrs, "nested")?.ok_or_else(missing)?;
    let value = default(&arguments)?.unwrap_or_else(|| quote! { ::std::default::Default::default() });
    Ok(Member {
        part: nested(field, &arguments)?,
        default: Some(quote! { #name: #value }),
        each: [
            quote! { ::counterfeit_spec::Spec::each(&self.#name, take); },
            quote! { ::counterfeit_spec::Spec::each_mut(&mut self.#name, take); },
        ],
    })
}

/// `Default`, if every field has one.
fn default_impl(name: &Ident, members: &[Member]) -> Option<TokenStream> {
    let defaults = members.iter().map(|member| member.default.as_ref()).collect::<Option<Vec<_>>>()?;
    Some(quote! {
        #[automatically_derived]
        impl ::std::default::Default for #name {
            fn default() -> Self {
                Self { #(#defaults),* }
            }
        }
    })
}

fn spec_impl(name: &Ident, members: &[Member]) -> TokenStream {
    let parts = members.iter().map(|member| &member.part);
    let (each, each_mut) = (members.iter().map(|m| &m.each[0]), members.iter().map(|m| &m.each[1]));
    let types = quote! { ::counterfeit_spec };
    quote! {
        #[automatically_derived]
        #[allow(clippy::unnecessary_cast, trivial_numeric_casts)]
        impl #types::Spec for #name {
            fn parts() -> &'static [#types::Part] {
                const PARTS: &[#types::Part] = &[#(#parts),*];
                PARTS
            }

            fn each(&self, take: &mut dyn FnMut(&dyn #types::Scalar)) {
                #(#each)*
            }

            fn each_mut(&mut self, take: &mut dyn FnMut(&mut dyn #types::Scalar)) {
                #(#each_mut)*
            }
        }
    }
}

/// The value of `default = ...`.
fn default(arguments: &[Argument]) -> Result<Option<TokenStream>> {
    arguments.iter().find(|a| a.name == "default").map(|a| a.tokens().cloned()).transpose()
}

/// A field's name, and its key as tokens.
fn key(field: &Field) -> Result<(String, TokenStream)> {
    let name = field.ident.as_ref().map(Ident::to_string).unwrap_or_default();
    let arguments = find(&field.attrs, "setting")?.unwrap_or_default();
    let named = arguments.iter().find(|a| a.name == "key").map(|a| a.tokens().cloned()).transpose()?;
    Ok((name.clone(), named.unwrap_or_else(|| name.to_token_stream())))
}

fn setting(field: &Field, arguments: &[Argument], own: &[(String, TokenStream)]) -> Result<TokenStream> {
    let empty = quote! { "" };
    let (mut label, mut unit, mut source) = (None, empty.clone(), empty);
    let (mut range, mut except) = (quote! { ::counterfeit_spec::Range::NONE }, quote! { &[] });
    let (mut live, mut basic, mut only) = (false, false, quote! { None });
    for argument in arguments {
        match argument.name.to_string().as_str() {
            "key" | "default" => {}
            "label" => label = Some(argument.tokens()?),
            "unit" => unit = argument.tokens()?.clone(),
            "source" => source = argument.tokens()?.clone(),
            "range" => range = self::range(argument)?,
            "live" => live = true,
            "basic" => basic = true,
            "only" => only = self::only(argument, own)?,
            "except" => except = reference(argument)?,
            _ => return argument.unknown(),
        }
    }
    let label = label.ok_or_else(|| Error::new_spanned(field, "needs a label"))?;
    let (help, kind) = (documentation(&field.attrs), &field.ty);
    let (_, key) = self::key(field)?;
    Ok(quote! {
        ::counterfeit_spec::Part::Setting(::counterfeit_spec::Setting {
            key: #key,
            label: #label,
            unit: #unit,
            help: #help,
            source: #source,
            live: #live,
            basic: #basic,
            only: #only,
            range: #range,
            except: #except,
            accepts: <#kind as ::counterfeit_spec::Scalar>::accepts,
        })
    })
}

fn nested(field: &Field, arguments: &[Argument]) -> Result<TokenStream> {
    let (mut prefix, mut changes) = (quote! { "" }, Vec::new());
    for argument in arguments {
        match argument.name.to_string().as_str() {
            "default" => {}
            "prefix" => prefix = argument.tokens()?.clone(),
            "change" => changes = argument.list()?.iter().map(change).collect::<Result<_>>()?,
            _ => return argument.unknown(),
        }
    }
    let kind = &field.ty;
    Ok(quote! {
        ::counterfeit_spec::Part::Nested {
            prefix: #prefix,
            parts: <#kind as ::counterfeit_spec::Spec>::parts,
            changes: &[#(#changes),*],
        }
    })
}

/// `key(help = "...", ...)`
fn change(of: &Argument) -> Result<TokenStream> {
    let mut fields = TokenStream::new();
    for argument in of.list()? {
        let name = &argument.name;
        let value = match name.to_string().as_str() {
            "label" | "help" | "source" => argument.tokens()?.clone(),
            "only" => only(argument, &[])?,
            "except" => reference(argument)?,
            _ => return argument.unknown(),
        };
        fields.extend(quote! { #name: #value, });
    }
    let key = of.name.to_string();
    Ok(quote! { ::counterfeit_spec::Change { #fields ..::counterfeit_spec::Change::of(#key) } })
}

/// `only(other = ["a", "b"])` or `only(other = function)`; the key of one of the struct's `own` settings will have the
/// struct's prefix.
fn only(argument: &Argument, own: &[(String, TokenStream)]) -> Result<TokenStream> {
    let [condition] = argument.list()? else {
        return Err(Error::new(argument.name.span(), "needs one condition: only(other = [...])"));
    };
    let name = condition.name.to_string();
    let sibling = own.iter().find(|(field, _)| *field == name).map(|(_, key)| key.clone());
    let (local, key) = (sibling.is_some(), sibling.unwrap_or_else(|| name.to_token_stream()));
    let tokens = condition.tokens()?;
    let values = match tokens.clone().into_iter().next() {
        Some(TokenTree::Group(_)) => quote! { These(&#tokens) },
        _ => quote! { Of(#tokens) },
    };
    let chosen = quote! { ::counterfeit_spec::Chosen::#values };
    Ok(quote! { Some(::counterfeit_spec::Only { key: #key, local: #local, values: #chosen }) })
}

/// `except = ["a"]` as a slice.
fn reference(argument: &Argument) -> Result<TokenStream> {
    let tokens = argument.tokens()?;
    Ok(quote! { &#tokens })
}

/// `range = a..=b`, or `a..b` without b.
fn range(argument: &Argument) -> Result<TokenStream> {
    let tokens: Vec<TokenTree> = argument.tokens()?.clone().into_iter().collect();
    let dot = |i: usize, sign| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == sign);
    let start = (0..tokens.len()).find(|&i| dot(i, '.') && dot(i + 1, '.'));
    let start = start.ok_or_else(|| Error::new(argument.name.span(), "needs a range: a..=b, or a..b without b"))?;
    let open = !dot(start + 2, '=');
    let min: TokenStream = tokens[..start].iter().cloned().collect();
    let max: TokenStream = tokens[start + if open { 2 } else { 3 }..].iter().cloned().collect();
    Ok(quote! { ::counterfeit_spec::Range { min: (#min) as f64, max: (#max) as f64, open: #open } })
}
