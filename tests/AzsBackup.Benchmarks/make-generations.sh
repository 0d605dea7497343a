#!/usr/bin/env bash
# Makes disks in generations for `chunk-size` and `vm-backup`, from this machine's own files, without mounting anything and without root:
#   DIR/ext4-fresh, DIR/ext4-aged, DIR/ntfs, each with 0.img (the first backup) to N.img (a day's work later, each).
# A day: pages of a database written in place, some files replaced, some new ones, a log. Needs e2fsprogs and ntfs-3g.
#   make-generations.sh DIR [MIB=768] [GENERATIONS=4] [SEED=1] [KINDS="ext4-fresh ext4-aged ntfs"]
# A kind more, `server`, is for `vm-backup`: three tenths zeros, an eighth of the disk a database, another eighth bytes that can't
# be packed, the rest programs; packs to 1/2.4, and a day touches some 7 % of it.
set -euo pipefail
out=$1 mib=${2:-768} generations=${3:-4} seed=${4:-1} kinds=${5:-ext4-fresh ext4-aged ntfs}
export PATH=$PATH:/usr/sbin:/sbin
tools='mke2fs debugfs'
case $kinds in *ntfs*) tools="$tools mkntfs ntfscp" ;; esac
for tool in $tools; do command -v "$tool" >/dev/null || { echo "$tool is missing: install e2fsprogs and ntfs-3g." >&2; exit 2; }; done
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Which files there are to draw from, in an order that depends on nothing but the seed.
find /usr/bin /usr/lib /usr/share -xdev -type f -size +3k -size -3M -printf '%s %p\n' 2>/dev/null | sort -k2 \
    | awk -v seed="$seed" 'BEGIN { srand(seed) } $2 !~ /[^A-Za-z0-9._\/+-]/ && NF == 2 { printf "%.9f %s %s\n", rand(), $1, $2 }' | sort | cut -d' ' -f2- >"$work/pool"
drawn=0
# draw MIB: prints that much of files nobody has drawn yet, beginning anew at the end.
draw() {
    awk -v from="$drawn" -v want="$(($1 << 20))" 'NR > from { if (sum > want) exit; sum += $1; print }' "$work/pool" >"$work/drawn"
    drawn=$((drawn + $(wc -l <"$work/drawn")))
    [ "$drawn" -lt "$(wc -l <"$work/pool")" ] || drawn=0
}

# A database of 8 KiB pages, text and numbers in each, and a log.
database() { awk -v seed="$1" -v pages="$2" 'BEGIN { srand(seed); for (p = 0; p < pages; p++) { s = sprintf("page %8d ", p); while (length(s) < 8100) s = s sprintf("%d;%x;customer-%d;", rand() * 1e9, rand() * 1e9, rand() * 1e5); printf "%-8191s\n", substr(s, 1, 8191) } }'; }
pages=$((mib * 16))   # an eighth of the disk
database "$seed" "$pages" >"$work/db"
# write_pages DAY: some pages of the database anew: half at random, half in one place.
fraction=50
changed_pages() { awk -v seed="$((seed * 1000 + $1))" -v pages="$pages" -v fraction="$fraction" 'BEGIN { srand(seed); n = pages / fraction; at = int(rand() * (pages - n)); for (i = 0; i < n; i++) print (i % 2 ? int(rand() * pages) : at + i) }'; }
# uploads DAY MIB: bytes that can't be packed.
uploads() { openssl enc -aes-128-ctr -nosalt -K "$(printf '%032x' "$((seed * 100 + $1))")" -iv 0 -in /dev/zero 2>/dev/null | head -c "$(($2 << 20))" || true; }
log() { awk -v seed="$((seed * 77 + $1))" 'BEGIN { srand(seed); for (i = 0; i < 40000; i++) printf "2026-11-%02d %02d:%02d:%02d host service[%d]: request %x took %d ms\n", '"$1"' % 30 + 1, i / 1700, i / 28 % 60, i % 60, rand() * 1e4, rand() * 1e9, rand() * 300 }'; }

# ext4, all by debugfs: NAME of a file is its place in the pool's order, so names never repeat.
declare -A held=()
ext4_add() { # IMG COMMANDS: appends the commands that add what was drawn
    while read -r _ path; do name=f$((++serial)); held[$name]=1; printf 'write %s %s\n' "$path" "$name"; done <"$work/drawn" >>"$2"
}
ext4_remove() { # COUNT COMMANDS DAY
    printf '%s\n' "${!held[@]}" | sort | awk -v seed="$((seed * 5000 + $3))" 'BEGIN { srand(seed) } { printf "%.9f %s\n", rand(), $1 }' | sort | awk -v most="$1" 'NR <= most { print $2 }' >"$work/gone"
    while read -r name; do unset "held[$name]"; printf 'rm %s\n' "$name"; done <"$work/gone" >>"$2"
}
ext4_run() { debugfs -w -f "$2" "$1" >"$work/debugfs.log" 2>&1; : >"$2"; }
ext4_day() { # IMG DAY
    commands=$work/commands; : >"$commands"
    ext4_remove "$((${#held[@]} / 100))" "$commands" "$2"
    draw "$((mib / 200 + 1))"; ext4_add "$1" "$commands"
    log "$2" >"$work/log"; printf 'write %s %s\n' "$work/log" "log$2" >>"$commands"
    if [ -n "$noise" ]; then uploads "$2" "$((mib / 100))" >"$work/uploads"; printf 'write %s %s\n' "$work/uploads" "uploads$2" >>"$commands"; fi
    ext4_run "$1" "$commands"
    database "$((seed + $2 * 31))" "$((pages / 50 + 1))" >"$work/fresh"
    debugfs -R 'blocks db' "$1" 2>/dev/null | tr ' ' '\n' | grep -E '^[0-9]+$' >"$work/blocks"
    i=0
    while read -r page; do
        for half in 0 1; do
            block=$(sed -n "$((page * 2 + half + 1))p" "$work/blocks")
            dd if="$work/fresh" of="$1" bs=4096 skip=$((i * 2 + half)) seek="$block" count=1 conv=notrunc status=none
        done
        i=$((i + 1))
    done < <(changed_pages "$2")
}
ext4() { # NAME FILL_PERCENT ROUNDS_OF_AGEING [NOISE_PERCENT]
    dir=$out/$1; mkdir -p "$dir"; held=(); serial=0
    mke2fs -q -t ext4 -b 4096 -E lazy_itable_init=0 "$dir/disk" "${mib}M"
    : >"$work/commands"; printf 'write %s db\n' "$work/db" >>"$work/commands"
    noise=${4:-}
    if [ -n "$noise" ]; then uploads 0 "$((mib * noise / 100))" >"$work/uploads"; printf 'write %s uploads0\n' "$work/uploads" >>"$work/commands"; fi
    draw "$((mib * $2 / 100))"; ext4_add "$dir/disk" "$work/commands"; ext4_run "$dir/disk" "$work/commands"
    for ((round = 1; round <= $3; round++)); do
        # A tenth of the files goes and others come into the holes.
        ext4_remove "$((${#held[@]} / 10))" "$work/commands" "$((900 + round))"; ext4_run "$dir/disk" "$work/commands"
        draw "$((mib * $2 / 1000))"; ext4_add "$dir/disk" "$work/commands"; ext4_run "$dir/disk" "$work/commands"
    done
    cp --sparse=always "$dir/disk" "$dir/0.img"
    for ((day = 1; day <= generations; day++)); do ext4_day "$dir/disk" "$day"; cp --sparse=always "$dir/disk" "$dir/$day.img"; done
    rm "$dir/disk"
}

ntfs() {
    dir=$out/ntfs; mkdir -p "$dir"; serial=0
    truncate -s "${mib}M" "$dir/disk"; mkntfs -F -Q -q "$dir/disk" >/dev/null 2>&1
    put() { ntfscp -f -q "$dir/disk" "$1" "$2" 2>>"$work/ntfs.log"; }
    put "$work/db" db
    # Each copy opens the volume anew, so: fewer and larger files.
    awk '$1 > 100000' "$work/pool" >"$work/large"; cp "$work/large" "$work/pool"; drawn=0
    draw "$((mib * 6 / 10))"; while read -r _ path; do put "$path" "f$((++serial))"; done <"$work/drawn"
    cp --sparse=always "$dir/disk" "$dir/0.img"
    for ((day = 1; day <= generations; day++)); do
        draw "$((mib / 200 + 1))"; while read -r _ path; do put "$path" "f$((serial * 7 * day % serial + 1))"; serial=$((serial + 1)); put "$path" "f$serial"; done < <(sed -n 1,12p "$work/drawn")
        log "$day" >"$work/log"; put "$work/log" "log$day"
        database "$((seed + day * 31))" "$((pages / 50 + 1))" >"$work/fresh"; i=0
        while read -r page; do dd if="$work/fresh" of="$work/db" bs=8192 skip=$i seek="$page" count=1 conv=notrunc status=none; i=$((i + 1)); done < <(changed_pages "$day")
        put "$work/db" db
        cp --sparse=always "$dir/disk" "$dir/$day.img"
    done
    rm "$dir/disk"
}

for kind in $kinds; do
    case $kind in
        ext4-fresh) ext4 ext4-fresh 60 0 ;;
        ext4-aged) ext4 ext4-aged 70 30 ;;
        server) fraction=200; ext4 server 45 0 12; fraction=50 ;;
        ntfs) ntfs ;;
        *) echo "There is no kind '$kind'." >&2; exit 2 ;;
    esac
done
