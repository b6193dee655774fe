# `cpack -G DEB` in the build directory makes truc_VERSION_ARCH.deb. packaging/test-deb tries it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME truc)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "Trúc")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "exchange of signed e-documents between State agencies")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Trúc accepts documents (edXML, QCVN 102) from the systems of agencies, keeps\n\
them, delivers each to its recipients unchanged, tracks what becomes of it and\n\
proves every step with a hash-chained journal. It speaks the protocol of the\n\
national SDK.")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "Trúc maintainers <truc@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, fonts-liberation2")
# pg_dump for backups of PostgreSQL; the others read the text of documents for the search.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "postgresql-client, poppler-utils, unzip, tesseract-ocr, tesseract-ocr-vie")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/debian/postinst
  ${PROJECT_SOURCE_DIR}/packaging/debian/prerm
  ${PROJECT_SOURCE_DIR}/packaging/debian/postrm)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# The unit's place is not below /usr: install into a staging root, not into a staging prefix.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

install(FILES ${PROJECT_SOURCE_DIR}/packaging/truc.service DESTINATION /lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/debian/copyright ${PROJECT_SOURCE_DIR}/README.md
  ${PROJECT_SOURCE_DIR}/ARCHITECTURE.md DESTINATION share/doc/truc)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION share/doc/truc)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/nginx-example.conf DESTINATION share/doc/truc/examples)
# Built by web/build before; without it the package has no web application.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/web/ DESTINATION share/truc/web OPTIONAL
  PATTERN ".built" EXCLUDE PATTERN "manifest.json*" EXCLUDE)
include(CPack)
