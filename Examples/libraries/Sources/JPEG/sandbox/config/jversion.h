#define JVERSION "6b  27-Mar-1998"
#define JCOPYRIGHT "see LICENSE.md"
#define JCOPYRIGHT_SHORT "see LICENSE.md"
