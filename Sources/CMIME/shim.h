// GMime: its types behind plain pointers, since Swift sees neither its casts nor its type checks.
#pragma once
#include <gmime/gmime.h>
#include <stdint.h>
#include <string.h>

/// What a node of a mail is.
typedef enum { mime_leaf, mime_many, mime_message, mime_sealed, mime_other } mime_sort;

/// Makes the library ready; once for a process.
static inline void mime_start(void) { g_mime_init(); }

/// Parses a mail; the bytes must stay until `mime_free`. NULL when there is none.
static inline void *mime_parse(const uint8_t *bytes, size_t count) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

static inline void mime_free(void *message) { g_object_unref(message); }

/// The subject in UTF-8, or NULL; it belongs to the message.
static inline const char *mime_subject(void *message) { return g_mime_message_get_subject((GMimeMessage *)message); }

/// What the message consists of, or NULL; it belongs to the message.
static inline void *mime_body(void *message) { return g_mime_message_get_mime_part((GMimeMessage *)message); }

static inline mime_sort mime_sort_of(void *node) {
    if (GMIME_IS_MULTIPART_ENCRYPTED(node)) return mime_sealed;
    if (GMIME_IS_MULTIPART(node)) return mime_many;
    if (GMIME_IS_MESSAGE_PART(node)) return mime_message;
    return GMIME_IS_PART(node) ? mime_leaf : mime_other;
}

static inline int mime_count(void *node) { return g_mime_multipart_get_count((GMimeMultipart *)node); }

static inline void *mime_child(void *node, int place) { return g_mime_multipart_get_part((GMimeMultipart *)node, place); }

/// The message that a part forwards, or NULL.
static inline void *mime_forwarded(void *node) { return g_mime_message_part_get_message((GMimeMessagePart *)node); }

/// `type/subtype` in the sender's letters; the caller frees it with `g_free`.
static inline char *mime_type(void *node) {
    GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)node);
    return type ? g_mime_content_type_get_mime_type(type) : NULL;
}

/// The file name in UTF-8, or NULL.
static inline const char *mime_name(void *node) { return g_mime_part_get_filename((GMimePart *)node); }

/// Whether the part is shown within the text.
static inline int mime_is_inline(void *node) {
    const char *disposition = g_mime_object_get_disposition((GMimeObject *)node);
    if (disposition) return g_ascii_strcasecmp(disposition, "attachment") != 0;
    return g_mime_object_get_content_id((GMimeObject *)node) != NULL;
}

/// The decoded content, or NULL; the caller frees it with `g_byte_array_unref`.
static inline GByteArray *mime_content(void *node) {
    GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)node);
    if (!content) return NULL;
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *memory = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)memory, FALSE);
    g_mime_data_wrapper_write_to_stream(content, memory);
    g_object_unref(memory);
    return bytes;
}
