// How much packed data unpacks to, where what is unpacked is thrown away; and packing.
// C, because zlib's way to begin is a macro and its state must not move in memory.
#ifndef BATON_CZLIB_SHIM_H
#define BATON_CZLIB_SHIM_H

#include <stddef.h>
#include <zlib.h>

/// What unpacking found: bytes that came out, of both layers, and bytes that were read.
struct baton_unpacked {
    size_t produced, consumed;
};

/// Whether data begins as zlib's does.
static inline int baton_is_zlib(const unsigned char *data, size_t length) {
    return length >= 2 && (data[0] & 0x0F) == 8 && (data[0] << 8 | data[1]) % 31 == 0 && !(data[1] & 0x20);
}

/// Unpacks zlib data, and what was packed twice, until more than `most` bytes came out; ends quietly where it is damaged.
static inline struct baton_unpacked baton_count_unpacked(const unsigned char *data, size_t length, size_t most) {
    struct baton_unpacked found = {0, 0};
    unsigned char chunk[1 << 15], rest[1 << 15];
    z_stream outer = {0}, inner = {0};
    int has_inner = 0, is_first = 1, status = Z_OK;
    if (!baton_is_zlib(data, length) || inflateInit(&outer) != Z_OK) return found;
    outer.next_in = (unsigned char *)data;
    outer.avail_in = (uInt)length;
    while (status == Z_OK && found.produced <= most) {
        outer.next_out = chunk;
        outer.avail_out = sizeof chunk;
        status = inflate(&outer, Z_NO_FLUSH);
        size_t count = sizeof chunk - outer.avail_out;
        found.produced += count;
        if (is_first && count > 0) {
            is_first = 0;
            has_inner = baton_is_zlib(chunk, count) && inflateInit(&inner) == Z_OK;
        }
        if (!has_inner) continue;
        inner.next_in = chunk;
        inner.avail_in = (uInt)count;
        int deep = Z_OK;
        while (deep == Z_OK && found.produced <= most) {
            inner.next_out = rest;
            inner.avail_out = sizeof rest;
            deep = inflate(&inner, Z_NO_FLUSH);
            found.produced += sizeof rest - inner.avail_out;
        }
        if (deep != Z_OK && deep != Z_BUF_ERROR) {
            inflateEnd(&inner);
            has_inner = 0;
        }
    }
    found.consumed = outer.total_in;
    if (has_inner) inflateEnd(&inner);
    inflateEnd(&outer);
    return found;
}
/// Packs data as gzip does; 0 when it does not fit into the room or memory is short.
static inline size_t baton_gzip(const unsigned char *data, size_t length, unsigned char *out, size_t room, int level) {
    z_stream stream = {0};
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)data;
    stream.avail_in = (uInt)length;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int status = deflate(&stream, Z_FINISH);
    size_t count = room - stream.avail_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? count : 0;
}
#endif
