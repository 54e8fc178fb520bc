//! m
use curtail_ingest::*;
#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    let lake = Lake::open(&a[1]).await.unwrap();
    for _ in 0..2 {
        let t = std::time::Instant::now();
        let s = ingest(&lake, &a[2..], &IngestOptions::new("2026-10-01T00:00:00Z".parse().unwrap()), &NoProgress).await.unwrap();
        println!("{:?} {:?}", t.elapsed(), s);
    }
    println!("{:?}", lake.versions().await.unwrap());
}
