//! Gzip that is cut, altered, padded, several times over, or something else.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use crate::scene::{Scene, gz, key, log, named, one, record};

fn two() -> String {
    log(&[record("1"), record("2")])
}

#[tokio::test]
async fn an_empty_object_is_empty() {
    one(b"").await.is_broken(0, "empty");
}

#[tokio::test]
async fn gzip_of_nothing_is_empty() {
    one(gz(b"")).await.is_broken(0, "empty");
}

#[tokio::test]
async fn gzip_of_white_space_is_empty() {
    one(gz(b" \r\n\t ")).await.is_broken(0, "empty");
}

/// Three records with ids of one length, and where each ends.
fn three(name: &str) -> (String, Vec<usize>) {
    let records: Vec<_> = (0..3)
        .map(|index| record(&format!("{name}-{index}")))
        .collect();
    let mut ends = Vec::new();
    let mut end = "{\"Records\":[".len();
    for record in &records {
        end += record.to_string().len();
        ends.push(end);
        end += 1;
    }
    (log(&records), ends)
}

#[tokio::test]
async fn plain_text_cut_at_every_byte_keeps_the_records_before_the_cut() {
    let scene = Scene::new();
    let length = three("0000").0.len();
    for cut in 0..length {
        let (text, _) = three(&format!("{cut:04}"));
        scene.put(&format!("{cut:04}.json"), &text.as_bytes()[..cut]);
    }
    let found = scene.run().await;
    for cut in 0..length {
        let name = format!("{cut:04}");
        let (_, ends) = three(&name);
        let kept = ends.iter().filter(|&&end| end <= cut).count();
        let expected: Vec<String> = (0..kept).map(|index| format!("{name}-{index}")).collect();
        let object = format!("{name}.json");
        assert_eq!(found.ids(&object), expected, "{cut}");
        let reason = if cut == 0 { "empty" } else { "truncated_json" };
        assert_eq!(found.quarantined(&object), [format!("-@{cut} {reason}")]);
        assert_eq!(found.status(&object), format!("quarantined {reason}"));
    }
    assert_eq!(found.summary.objects_quarantined, length as u64);
}

/// What a stream gives of gzip that is cut.
fn prefix(packed: &[u8]) -> usize {
    let mut unpacked = Vec::new();
    let _ = GzDecoder::new(packed).read_to_end(&mut unpacked);
    unpacked.len()
}

#[tokio::test]
async fn gzip_cut_at_every_byte_keeps_the_records_before_the_cut() {
    let scene = Scene::new();
    let packed = |cut: usize| gz(three(&format!("{cut:04}")).0);
    let length = (0..1_000).find(|&cut| packed(cut).len() <= cut).unwrap();
    for cut in 3..length {
        scene.put(&key(&format!("{cut:04}")), &packed(cut)[..cut]);
    }
    let found = scene.run().await;
    let mut kept_some = 0;
    for cut in 3..length {
        let name = format!("{cut:04}");
        let unpacked = prefix(&packed(cut)[..cut]);
        let (_, ends) = three(&name);
        let kept = ends.iter().filter(|&&end| end <= unpacked).count();
        let expected: Vec<String> = (0..kept).map(|index| format!("{name}-{index}")).collect();
        assert_eq!(found.ids(&key(&name)), expected, "{cut}");
        let row = format!("-@{unpacked} truncated_gzip");
        assert_eq!(found.quarantined(&key(&name)), [row]);
        assert_eq!(found.status(&key(&name)), "quarantined truncated_gzip");
        kept_some += usize::from(kept > 0);
    }
    assert!(kept_some > 8, "{kept_some}");
}

#[tokio::test]
async fn the_first_two_bytes_of_gzip_are_no_text() {
    one([0x1f]).await.is_broken(1, "not_json");
    one([0x1f, 0x8b]).await.is_broken(1, "not_utf8");
}

#[tokio::test]
async fn a_cut_object_that_arrives_whole_gives_the_rest_once() {
    let scene = Scene::new();
    let (text, ends) = three("e");
    scene.put(&key("odd"), &text.as_bytes()[..ends[1] + 5]);
    let first = scene.run().await;
    assert_eq!(first.ids(&key("odd")), ["e-0", "e-1"]);
    scene.put(&key("odd"), &gz(&text));
    let second = scene.run().await;
    assert_eq!(second.ids(&key("odd")), ["e-0", "e-1", "e-2"]);
    assert_eq!(
        (second.summary.events_written, second.summary.duplicates),
        (1, 2)
    );
    assert_eq!(second.summary.objects_read, 1);
}

#[tokio::test]
async fn a_wrong_checksum_leaves_nothing_to_trust() {
    let mut packed = gz(two());
    let checksum = packed.len() - 8;
    packed[checksum] ^= 1;
    one(packed).await.is_broken(0, "corrupt_gzip");
}

#[tokio::test]
async fn a_wrong_size_in_the_trailer_leaves_nothing_to_trust() {
    for wrong in [0, 1, u32::MAX] {
        let mut packed = gz(two());
        let size = packed.len() - 4;
        packed[size..].copy_from_slice(&wrong.to_le_bytes());
        one(packed).await.is_broken(0, "corrupt_gzip");
    }
}

#[tokio::test]
async fn a_flipped_byte_in_the_middle_leaves_nothing_to_trust() {
    let mut packed = gz(two());
    let middle = packed.len() / 2;
    packed[middle] ^= 0xff;
    let odd = one(packed).await;
    assert_eq!(odd.found.ids(&key("odd")), [""; 0]);
    assert!(odd.found.status(&key("odd")).ends_with("_gzip"));
}

#[tokio::test]
async fn garbage_after_gzip_is_named_and_the_records_are_kept() {
    let packed = [gz(two()), b"garbage".to_vec()].concat();
    let row = format!("-@{} corrupt_gzip", two().len());
    one(packed)
        .await
        .is(&["1", "2"], &[&row], "quarantined corrupt_gzip");
}

#[tokio::test]
async fn zeros_after_gzip_are_padding() {
    one([gz(two()), vec![0; 1_000]].concat())
        .await
        .is_read(&["1", "2"]);
}

#[tokio::test]
async fn several_members_are_one_object() {
    let text = two();
    let (first, second) = text.split_at(77);
    one([gz(first), gz(""), gz(second)].concat())
        .await
        .is_read(&["1", "2"]);
}

#[tokio::test]
async fn members_that_are_log_files_each_are_read_one_after_the_other() {
    one([gz(log(&[record("1")])), gz(log(&[record("2")]))].concat())
        .await
        .is_read(&["1", "2"]);
}

#[tokio::test]
async fn of_two_members_the_first_is_kept_if_the_second_is_broken() {
    let first = log(&[record("1")]);
    let mut second = gz(log(&[record("2")]));
    let checksum = second.len() - 8;
    second[checksum] ^= 1;
    let row = format!("-@{} corrupt_gzip", first.len());
    one([gz(&first), second].concat())
        .await
        .is(&["1"], &[&row], "quarantined corrupt_gzip");
}

#[tokio::test]
async fn of_two_members_both_are_kept_as_far_as_they_go_if_the_second_is_cut() {
    let first = log(&[record("1")]);
    let second = log(&[record("2"), record("3")]);
    let packed = gz(&second);
    let cut = &packed[..packed.len() - 8];
    let row = format!("-@{} truncated_gzip", first.len() + second.len());
    one([gz(&first), cut.to_vec()].concat()).await.is(
        &["1", "2", "3"],
        &[&row],
        "quarantined truncated_gzip",
    );
}

#[tokio::test]
async fn more_members_than_anyone_writes_are_given_up() {
    let member = gz("");
    let mut packed = gz(log(&[record("1")]));
    for _ in 0..100_001 {
        packed.extend_from_slice(&member);
    }
    let row = format!("-@{} too_many_members", log(&[record("1")]).len());
    one(packed)
        .await
        .is(&["1"], &[&row], "quarantined too_many_members");
}

#[tokio::test]
async fn gzip_in_gzip_is_unpacked_twice() {
    one(gz(gz(two()))).await.is_read(&["1", "2"]);
}

#[tokio::test]
async fn gzip_three_times_over_is_named() {
    one(gz(gz(gz(two())))).await.is_broken(1, "nested_gzip");
}

/// Ten gigabytes of spaces in ten megabytes.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 64 << 20];
    encoder.write_all(&spaces).unwrap();
    encoder.finish().unwrap().repeat(160)
}

#[tokio::test]
async fn a_bomb_of_ten_gigabytes_is_refused_without_being_held() {
    let bomb = bomb();
    assert!(bomb.len() < 12 << 20, "{}", bomb.len());
    let odd = one(&bomb).await;
    odd.is(&[], &["-@- oversized"], "quarantined oversized");
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
            .unwrap();
        assert!(peak < 700 << 10, "{peak} kB");
    }
}

#[tokio::test]
async fn a_bomb_in_gzip_is_refused() {
    let odd = one(gz(bomb())).await;
    odd.is(&[], &["-@- oversized"], "quarantined oversized");
}

#[tokio::test]
async fn what_is_packed_otherwise_is_named() {
    let cases: [&[u8]; 4] = [
        b"\x28\xb5\x2f\xfd\x24\x00\x99\xe9\xd8\x51",
        b"BZh91AY&SY\x17\x72\x45\x38\x50\x90\xff\xff",
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xff\xff",
        b"\xfd7zXZ\0\x00\x04\xe6\xd6",
    ];
    for content in cases {
        let odd = one(content).await;
        assert_eq!(
            odd.found.status(&key("odd")),
            "quarantined other_compression"
        );
    }
}

#[tokio::test]
async fn a_name_of_gzip_over_plain_text_is_read() {
    one(two()).await.is_read(&["1", "2"]);
}

#[tokio::test]
async fn a_name_of_plain_text_over_gzip_is_read() {
    named("plain.json", gz(two())).await.is_read(&["1", "2"]);
}
