//! A file of `bench/`: a JSON array with a row a line, so that a diff shows which rows changed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::Failure;

pub struct Table {
    path: PathBuf,
    /// Each row as text, which is kept as it was written, and parsed.
    rows: Vec<(String, Value)>,
}

impl Table {
    /// Reads a file; a file that does not exist is an empty table.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = match fs::read_to_string(path) {
            Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|e| format!("{}: {e}", path.display()))?,
        };
        let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
        let row = |line: &str| Ok((line.to_string(), serde_json::from_str(line)?));
        let rows =
            lines.filter(|line| !matches!(*line, "" | "[" | "]")).map(row).collect::<Result<_, serde_json::Error>>();
        let rows = rows.map_err(|e| format!("{}: {e}. Move the file away to start over", path.display()))?;
        Ok(Self { path: path.into(), rows })
    }

    pub fn has(&self, is: impl Fn(&Value) -> bool) -> bool {
        self.rows.iter().any(|(_, row)| is(row))
    }

    pub fn retain(&mut self, keep: impl Fn(&Value) -> bool) {
        self.rows.retain(|(_, row)| keep(row));
    }

    pub fn push(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        self.rows.push((serde_json::to_string(row)?, serde_json::to_value(row)?));
        Ok(())
    }

    pub fn write(&self) -> Result<(), Failure> {
        let lines: Vec<&str> = self.rows.iter().map(|(line, _)| line.as_str()).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        Ok(fs::write(&self.path, text).map_err(|e| format!("{}: {e}", self.path.display()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_text() {
        let path = std::env::temp_dir().join(format!("counterfeit-table-{}.json", std::process::id()));
        let text = "[\n{\"b\":1.50,\"a\":2},\n{\"b\":3}\n]\n";
        fs::write(&path, text).unwrap();
        let mut table = Table::read(&path).unwrap();
        table.write().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert!(table.has(|row| row["a"] == 2) && !table.has(|row| row["a"] == 3));
        table.retain(|row| row["b"] == 3);
        table.push(&serde_json::json!({"c": 4})).unwrap();
        table.write().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "[\n{\"b\":3},\n{\"c\":4}\n]\n");
        fs::write(&path, "{\n").unwrap();
        assert!(Table::read(&path).err().unwrap().to_string().contains("Move the file away"));
        fs::remove_file(&path).unwrap();
        assert!(!Table::read(&path).unwrap().has(|_| true));
    }
}
