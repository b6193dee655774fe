// Checks with golang.org/x/mod/sumdb what write_log wrote: the signatures of the head, every tile
// and entry, inclusion and consistency proofs. Prints "N passed, N failed".
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var passed, failed int

func check(what string, err error) bool {
	if err != nil {
		failed++
		fmt.Printf("✗ %s: %v\n", what, err)
		return false
	}
	passed++
	return true
}

func must(bytes []byte, err error) []byte {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return bytes
}

// cosigner verifies c2sp.org/tlog-cosignature, which x/mod does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(message, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, message)
	return ed25519.Verify(c.key, []byte(text), signature[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	key := must(base64.StdEncoding.DecodeString(parts[2]))
	if err != nil || len(key) != 33 || key[0] != 4 {
		fmt.Println("the witness's key is malformed")
		os.Exit(1)
	}
	return cosigner{parts[0], uint32(id), key[1:]}
}

func parseHead(text string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != "log.example/truc" {
		return tlog.Tree{}, fmt.Errorf("the head is %q", text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// files reads tiles as they lie on disk; x/mod writes the tile's height into the path.
type files struct{ directory string }

func (files) Height() int                     { return 8 }
func (files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.directory, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func readEntries(directory string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := int(min(256, size-n*256))
		path := tlog.Tile{H: 8, L: -1, N: n, W: width}.Path()
		path = strings.Replace(path, "tile/8/data/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(directory, path))
		if err != nil {
			return nil, err
		}
		for len(bundle) > 0 {
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:length])
			bundle = bundle[length:]
		}
	}
	if int64(len(entries)) != size {
		return nil, fmt.Errorf("%d entries, not %d", len(entries), size)
	}
	return entries, nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, nil
}

func main() {
	directory := os.Args[1]
	log := filepath.Join(directory, "log")
	verifier, err := note.NewVerifier(string(must(os.ReadFile(filepath.Join(directory, "log.key")))))
	if !check("the log's key", err) {
		os.Exit(1)
	}
	witness := newCosigner(string(must(os.ReadFile(filepath.Join(directory, "witness.key")))))
	head, err := note.Open(must(os.ReadFile(filepath.Join(log, "checkpoint"))), note.VerifierList(verifier, witness))
	if !check("the head's signatures", err) {
		os.Exit(1)
	}
	if len(head.Sigs) != 2 {
		check("the witness's cosignature", fmt.Errorf("%d known signatures", len(head.Sigs)))
	}
	tree, err := parseHead(head.Text)
	if !check("the head", err) {
		os.Exit(1)
	}

	// Every entry, hashed by x/mod, must give the root, and the roots of every earlier size.
	entries, err := readEntries(log, tree.N)
	if !check("the entries", err) {
		os.Exit(1)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, index := range indexes {
			out = append(out, stored[index])
		}
		return out, nil
	})
	for i, entry := range entries {
		more, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			check("hashing", err)
			os.Exit(1)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(tree.N, reader)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the entries give %v, the head says %v", root, tree.Hash)
	}
	check("the root", err)

	// Every tile of the tree, full and partial.
	for _, tile := range tlog.NewTiles(8, 0, tree.N) {
		want, err := tlog.ReadTileData(tile, reader)
		if err == nil {
			var got [][]byte
			if got, err = (files{log}).ReadTiles([]tlog.Tile{tile}); err == nil && !bytes.Equal(got[0], want) {
				err = fmt.Errorf("other hashes")
			}
		}
		check(tile.Path(), err)
	}

	// Proofs that x/mod makes from the tiles, and those that Trúc made.
	tiles := tlog.TileHashReader(tree, files{log})
	names, err := os.ReadDir(filepath.Join(directory, "proofs"))
	check("the proofs", err)
	for _, name := range names {
		index, _ := strconv.ParseInt(name.Name(), 10, 64)
		leaf := tlog.RecordHash(entries[index])
		proof, err := tlog.ProveRecord(tree.N, index, tiles)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf)
		}
		check("inclusion from tiles of "+name.Name(), err)

		text := string(must(os.ReadFile(filepath.Join(directory, "proofs", name.Name()))))
		before, signed, _ := strings.Cut(text, "\n\n")
		lines := strings.Split(before, "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != "index "+name.Name() {
			err = fmt.Errorf("it begins with %q", lines[:2])
		}
		check("head of proof "+name.Name(), err)
		_, err = note.Open([]byte(signed), note.VerifierList(verifier))
		check("checkpoint in proof "+name.Name(), err)
		ours, err := hashes(lines[2:])
		if err == nil {
			err = tlog.CheckRecord(ours, tree.N, tree.Hash, index, leaf)
		}
		check("inclusion proof "+name.Name(), err)

		if index == 0 {
			continue
		}
		old, err := tlog.TreeHash(index, reader)
		check("root of size "+name.Name(), err)
		content := string(must(os.ReadFile(filepath.Join(directory, "consistency", name.Name()))))
		ours, err = hashes(strings.Fields(content))
		if err == nil {
			err = tlog.CheckTree(ours, tree.N, tree.Hash, index, old)
		}
		check("consistency proof from "+name.Name(), err)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
