#ifndef BATON_CQRCODE_SHIM_H
#define BATON_CQRCODE_SHIM_H
#include <qrencode.h>
#endif
