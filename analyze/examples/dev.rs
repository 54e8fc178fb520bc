//! dev
use std::time::Instant;
use curtail_analyze::*;
use curtail_ingest::*;
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let lake = Lake::open(&args[1]).await.unwrap();
    let t = Instant::now();
    if args[2] == "load" {
        let s = ingest(&lake, &["sample-data/trail".to_owned()], &IngestOptions::new("2026-10-02T00:00:00Z".parse().unwrap()), &NoProgress).await.unwrap();
        println!("{s:?} {:?}", t.elapsed());
        let mut files: Vec<std::path::PathBuf> = std::fs::read_dir("sample-data/iam").unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.push("sample-data/organization.json".into());
        files.push("sample-data/trails.json".into());
        let s = snapshot(&lake, &files, &SnapshotOptions::new("2026-10-01T00:00:00Z".parse().unwrap()), &NoProgress).await.unwrap();
        println!("{s:?} {:?}", t.elapsed());
        return;
    }
    let agents = if args[2] == "none" { AgentsFile::absent() } else { AgentsFile::read(std::path::Path::new("sample-data/agents.toml")).unwrap() };
    let options = Options::new("2026-10-01T00:00:00Z".parse().unwrap());
    if args[2] == "views" {
        let engine = Engine::open(&lake, &agents, &options).await.unwrap();
        println!("open {:?}", t.elapsed());
        for view in VIEWS {
            let t = Instant::now();
            let c0 = cpu();
            let b = engine.batches(&format!("SELECT * FROM {}", view.name)).await.unwrap();
            println!("{:24} {:>8} rows {:?} {:?}", view.name, b.iter().map(|b| b.num_rows()).sum::<usize>(), t.elapsed(), cpu() - c0);
        }
        return;
    }
    if args[2] == "sql" {
        let engine = Engine::open(&lake, &agents, &options).await.unwrap();
        println!("open {:?}", t.elapsed());
        for text in &args[3..] {
            let t = Instant::now();
            match engine.batches(text).await {
                Ok(b) => println!("{}\n{:?}", arrow::util::pretty::pretty_format_batches(&b).unwrap(), t.elapsed()),
                Err(e) => println!("{e}: {:?} {:?}", std::error::Error::source(&e).map(|s| s.to_string()), e.hint()),
            }
        }
        return;
    }
    let a = analyze(&lake, &agents, &options, &NoProgress).await.unwrap();
    println!("analyze {:?}", t.elapsed());
    std::fs::write(&args[3], serde_json::to_string_pretty(&a).unwrap()).unwrap();
}

fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect(); (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0 }
