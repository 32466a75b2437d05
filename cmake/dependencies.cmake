# Everything comes from Debian 12 packages (tools/apt-packages.txt); nothing is downloaded by CMake.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n data)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(simdjson 3 REQUIRED)
find_package(mimalloc 2 REQUIRED)
find_package(GTest 1.12 REQUIRED)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(SENTENCEPIECE REQUIRED IMPORTED_TARGET sentencepiece)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

add_library(hayate_asio INTERFACE)
target_link_libraries(hayate_asio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(hayate_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS
                                                 BOOST_ASIO_DISABLE_VISIBILITY
                                                 # Coroutine frames kept for reuse: a call is about 8 deep.
                                                 BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)
