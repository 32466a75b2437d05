# Flags that every target of the project shares, as one interface library.
add_library(hayate_flags INTERFACE)
target_compile_options(hayate_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Werror
                                              -Wno-missing-designated-field-initializers)
target_include_directories(hayate_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(hayate_flags INTERFACE HAYATE_VERSION="${PROJECT_VERSION}")

find_program(HAYATE_CCACHE ccache)
if(HAYATE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${HAYATE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HAYATE_CCACHE})
endif()
find_program(HAYATE_MOLD mold)
if(HAYATE_MOLD)
  target_link_options(hayate_flags INTERFACE -fuse-ld=mold)
endif()
if(HAYATE_SANITIZE)
  target_compile_options(hayate_flags INTERFACE -fsanitize=${HAYATE_SANITIZE} -fno-omit-frame-pointer
                                                -fno-sanitize-recover=all)
  target_link_options(hayate_flags INTERFACE -fsanitize=${HAYATE_SANITIZE})
  target_compile_definitions(hayate_flags INTERFACE HAYATE_SANITIZED=1)
  # A unit that includes Beast takes 2.5 GB under a sanitizer: compile those one at a time.
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS heavy=1)
else()
  set_property(GLOBAL APPEND PROPERTY JOB_POOLS heavy=2)
endif()
