#ifndef BATON_CXML_SHIM_H
#define BATON_CXML_SHIM_H
// libxml2 was built with ICU, whose headers clash with those that Foundation brings along.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#endif
