//! The source of the library as its compiler sees it: modules, and the words of their code, without tests and
//! comments.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, File, Item, ItemMod, Meta, punctuated::Punctuated, token::Comma, visit_mut::VisitMut};

/// A file of the library.
pub struct Module {
    /// Where it stands in the crate: `["plan", "graph"]`, nothing for `lib.rs`.
    pub name: Vec<String>,
    pub path: PathBuf,
    /// Every path that its code names, from the root of the crate (`crate::net::Asn`) or of another one
    /// (`std::fs::read`); the trees of `use` are opened.
    pub paths: BTreeSet<String>,
    /// Its code: tokens with a blank between them, paths without.
    pub code: String,
}

/// All modules of the library that are not compiled for tests alone.
pub fn modules() -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let mut found = Vec::new();
    read(&root, &root.with_file_name(""), &[], &mut found);
    found
}

fn read(path: &Path, folder: &Path, name: &[String], found: &mut Vec<Module>) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut file: File = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut without_tests = WithoutTests::default();
    without_tests.visit_file_mut(&mut file);
    let (mut code, mut paths) = (String::new(), Vec::new());
    flatten(file.to_token_stream(), &mut code, &mut paths);
    let paths = paths.into_iter().map(|path| absolute(path, name).join("::")).collect();
    found.push(Module { name: name.to_vec(), path: path.to_path_buf(), paths, code });
    for child in without_tests.modules {
        let (file, below) = (folder.join(format!("{child}.rs")), folder.join(&child));
        let path = if file.exists() { file } else { below.join("mod.rs") };
        read(&path, &below, &[name, &[child]].concat(), found);
    }
}

/// Takes away what is compiled for tests alone, and lists the modules with files of their own.
#[derive(Default)]
struct WithoutTests {
    modules: Vec<String>,
}

impl VisitMut for WithoutTests {
    fn visit_file_mut(&mut self, file: &mut File) {
        file.items.retain(|item| !is_for_tests(attributes(item)));
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        match &mut module.content {
            Some((_, items)) => items.retain(|item| !is_for_tests(attributes(item))),
            None => self.modules.push(module.ident.to_string()),
        }
        syn::visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(|item| match item {
            syn::ImplItem::Fn(function) => !is_for_tests(&function.attrs),
            syn::ImplItem::Const(constant) => !is_for_tests(&constant.attrs),
            _ => true,
        });
        syn::visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.clear(); // documentation is one
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether a `#[cfg(test)]` stands there, alone or in an `all`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |meta: &Meta| meta.path().is_ident("test");
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        let Ok(meta) = attribute.parse_args::<Meta>() else { return false };
        let all = |list: &syn::MetaList| {
            let metas = list.parse_args_with(Punctuated::<Meta, Comma>::parse_terminated);
            list.path.is_ident("all") && metas.is_ok_and(|metas| metas.iter().any(is_test))
        };
        is_test(&meta) || meta.require_list().is_ok_and(all)
    })
}

/// Writes the words of `tokens` and collects the paths among them, those in macros too.
fn flatten(tokens: TokenStream, code: &mut String, paths: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Ident(_) => {
                let (path, group, next) = path_at(&tokens, at);
                write!(code, "{} ", path.join("::")).unwrap();
                match group {
                    Some(tree) => open(tree, &path, paths),
                    None => paths.push(path),
                }
                at = next;
                continue;
            }
            TokenTree::Group(group) => {
                let (left, right) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                code.push_str(left);
                flatten(group.stream(), code, paths);
                code.push_str(right);
            }
            other => write!(code, "{other} ").unwrap(),
        }
        at += 1;
    }
}

/// The path that begins at a word: its words, the `{…}` of a `use` that ends it, and where it ends.
fn path_at(tokens: &[TokenTree], mut at: usize) -> (Vec<String>, Option<TokenStream>, usize) {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    let mut path = Vec::new();
    while let Some(TokenTree::Ident(word)) = tokens.get(at) {
        path.push(word.to_string());
        at += 1;
        if !colon(at) || !colon(at + 1) {
            break;
        }
        if let Some(TokenTree::Group(group)) = tokens.get(at + 2)
            && group.delimiter() == Delimiter::Brace
        {
            return (path, Some(group.stream()), at + 3);
        }
        if !matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
            break;
        }
        at += 2;
    }
    (path, None, at)
}

/// The paths of a `use` tree below `stem`.
fn open(tree: TokenStream, stem: &[String], paths: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tree.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if !matches!(tokens[at], TokenTree::Ident(_)) {
            at += 1;
            continue;
        }
        let (path, group, next) = path_at(&tokens, at);
        let path = [stem, &path].concat();
        match group {
            Some(tree) => open(tree, &path, paths),
            None => paths.push(path),
        }
        at = next;
    }
}

/// A path of a module of that name, from the root on.
fn absolute(path: Vec<String>, module: &[String]) -> Vec<String> {
    let up = path.iter().take_while(|word| *word == "super").count();
    if up == 0 && path[0] != "self" || up > module.len() {
        return path;
    }
    let rest = path.into_iter().skip(up.max(1));
    let base = ["crate".to_owned()].into_iter().chain(module[..module.len() - up].iter().cloned());
    base.chain(rest).collect()
}
