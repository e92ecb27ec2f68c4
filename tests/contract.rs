//! The types that cross the boundary to the page, as TypeScript: `www/contract.d.ts` is generated from the Rust types.
//! After a change to one of them: `make contract`.
#![cfg(not(target_arch = "wasm32"))]

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use counterfeit::breakdown::Breakdown;
use counterfeit::catalog::Catalog;
use counterfeit::device::{AdapterReport, Choice, DevicePreference};
use counterfeit::diagnosis::Diagnosis;
use counterfeit::dirac::{Dirac, DiracSettings};
use counterfeit::domain::{Evaluation, Frame, FrameRequest};
use counterfeit::evaluator::Classification;
use counterfeit::growth::Shown;
use counterfeit::message::{NearestImage, Report, RunInfo};
use counterfeit::outline::Outline;
use counterfeit::snapshot::{Mapped, Walk};
use counterfeit::trainer::StepKind;
use ts_rs::{Config, TS, TypeVisitor};

const FILE: &str = "www/contract.d.ts";

const HEAD: &str =
    "// What crosses the boundary between the core and the page. Generated from the Rust types by tests/contract.rs.\n";

/// Declarations by name.
struct Declarations {
    config: Config,
    seen: BTreeSet<TypeId>,
    texts: BTreeMap<String, String>,
}

impl Declarations {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        // Only our own types have a file; numbers and lists have none.
        if T::output_path().is_some() {
            let (docs, declaration) = (T::docs().unwrap_or_default(), T::decl(&self.config));
            self.texts.insert(T::ident(&self.config), format!("{docs}export {declaration}\n"));
        }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

fn contract() -> String {
    let mut found = Declarations {
        config: Config::default().with_large_int("number").with_array_tuple_limit(2),
        seen: BTreeSet::new(),
        texts: BTreeMap::new(),
    };
    found.add::<AdapterReport>();
    found.add::<Breakdown>();
    found.add::<Catalog>();
    found.add::<Choice>();
    found.add::<Classification>();
    found.add::<DevicePreference>();
    found.add::<Diagnosis>();
    found.add::<Dirac>();
    found.add::<DiracSettings>();
    found.add::<Evaluation>();
    found.add::<Frame>();
    found.add::<FrameRequest>();
    found.add::<Mapped>();
    found.add::<NearestImage>();
    found.add::<Outline>();
    found.add::<Report>();
    found.add::<RunInfo>();
    found.add::<Shown>();
    found.add::<StepKind>();
    found.add::<Walk>();
    std::iter::once(HEAD.to_string()).chain(found.texts.into_values()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_declarations_are_those_of_the_types() {
    let contract = contract();
    if std::env::var_os("CONTRACT").is_some_and(|v| v == "write") {
        fs::write(FILE, contract).unwrap();
    } else {
        let written = fs::read_to_string(FILE).unwrap_or_default();
        assert!(written == contract, "{FILE} is not current: make contract");
    }
}
