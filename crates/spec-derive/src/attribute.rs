//! Attributes as lists of arguments: `name`, `name = tokens` or `name(arguments)`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Lit, Meta, Result, Token, parenthesized, parse2};

/// One argument of an attribute.
pub struct Argument {
    pub name: Ident,
    pub value: Value,
}

pub enum Value {
    /// `name`
    Flag,
    /// `name = tokens`
    Tokens(TokenStream),
    /// `name(arguments)`
    List(Vec<Argument>),
}

impl Parse for Argument {
    fn parse(input: ParseStream) -> Result<Self> {
        let name: Ident = input.parse()?;
        let value = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            Value::List(arguments(&content)?)
        } else if input.parse::<Option<Token![=]>>()?.is_some() {
            let mut tokens = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                tokens.extend([input.parse::<TokenTree>()?]);
            }
            Value::Tokens(tokens)
        } else {
            Value::Flag
        };
        Ok(Self { name, value })
    }
}

fn arguments(input: ParseStream) -> Result<Vec<Argument>> {
    Ok(Punctuated::<Argument, Token![,]>::parse_terminated(input)?.into_iter().collect())
}

impl Argument {
    /// The tokens of `name = tokens`.
    pub fn tokens(&self) -> Result<&TokenStream> {
        match &self.value {
            Value::Tokens(tokens) if !tokens.is_empty() => Ok(tokens),
            _ => Err(Error::new(self.name.span(), "needs a value: name = value")),
        }
    }

    /// The arguments of `name(arguments)`.
    pub fn list(&self) -> Result<&[Argument]> {
        match &self.value {
            Value::List(list) => Ok(list),
            _ => Err(Error::new(self.name.span(), "needs a list: name(...)")),
        }
    }

    pub fn unknown<T>(&self) -> Result<T> {
        Err(Error::new(self.name.span(), "there is no such argument"))
    }
}

/// The arguments of an attribute; None if it is not there.
pub fn find(attributes: &[Attribute], name: &str) -> Result<Option<Vec<Argument>>> {
    let Some(attribute) = attributes.iter().find(|a| a.path().is_ident(name)) else { return Ok(None) };
    match &attribute.meta {
        Meta::Path(_) => Ok(Some(Vec::new())),
        Meta::List(list) => list.parse_args_with(arguments).map(Some),
        Meta::NameValue(_) => Err(Error::new_spanned(attribute, "takes a list of arguments")),
    }
}

/// The doc comment as one paragraph.
pub fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter(|a| a.path().is_ident("doc")).filter_map(|a| match &a.meta {
        Meta::NameValue(pair) => text(&pair.value),
        _ => None,
    });
    lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join(" ")
}

fn text(expression: &Expr) -> Option<String> {
    parse2::<Lit>(expression.to_token_stream()).ok().and_then(|literal| match literal {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    })
}
