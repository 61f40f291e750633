// OpenSSL 3: its macros as static inline functions, since Swift sees neither macros with arguments nor variadics.
#pragma once
#include <openssl/err.h>
#include <openssl/ssl.h>

// The protocol that a server of HTTP/1.1 agrees to by ALPN; anything else is left to the client to refuse.
static inline int openssl_choose_http11(SSL *ssl, const unsigned char **out, unsigned char *outLength,
                                        const unsigned char *in, unsigned int inLength, void *context) {
    static const unsigned char offered[] = "\x08http/1.1";
    (void)ssl;
    (void)context;
    unsigned char *chosen = 0;
    if (SSL_select_next_proto(&chosen, outLength, offered, sizeof offered - 1, in, inLength) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

// A server context that speaks TLS 1.2 and later and keeps little memory per idle connection.
static inline SSL_CTX *openssl_server_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context) return 0;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, openssl_choose_http11, 0);
    if (SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
        SSL_CTX_free(context);
        return 0;
    }
    return context;
}

static inline int openssl_use_key_file(SSL_CTX *context, const char *path) {
    return SSL_CTX_use_PrivateKey_file(context, path, SSL_FILETYPE_PEM);
}
