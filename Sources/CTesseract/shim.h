#ifndef BATON_CTESSERACT_SHIM_H
#define BATON_CTESSERACT_SHIM_H
#include <stdio.h>
#include <tesseract/capi.h>

/// Hands a picture of leptonica over; untyped, because the type is declared in leptonica's own module.
static inline void baton_set_picture(TessBaseAPI *engine, void *pix) { TessBaseAPISetImage2(engine, (struct Pix *)pix); }
#endif
