#pragma once

// A small test runner: TEST("promise") { CHECK(…); }. The program ends with the line "N passed, N failed".

#include <functional>
#include <string>
#include <vector>

#include "rondo/device.h"

namespace rondo::test {

struct Registration {
  Registration(std::string name, std::function<void()> body);
};

/// What "device: …" tests run on: --device and --precision of the program. By default the CPU, and every precision that
/// the device has.
struct TestDevice {
  DeviceChoice choice = DeviceChoice::cpu;
  std::vector<Precision> precisions = {};
};
TestDevice& test_device();

/// Marks the running test as failed and prints why.
void fail(const char* file, int line, const std::string& message);

/// Runs the tests whose name contains `filter`; gives the process's exit code.
int run_all(const std::string& filter);

}  // namespace rondo::test

#define RONDO_JOIN2(a, b) a##b
#define RONDO_JOIN(a, b) RONDO_JOIN2(a, b)
#define TEST(name)                                                                                                 \
  static void RONDO_JOIN(test_, __LINE__)();                                                                       \
  static const ::rondo::test::Registration RONDO_JOIN(registration_, __LINE__)(name, RONDO_JOIN(test_, __LINE__)); \
  static void RONDO_JOIN(test_, __LINE__)()

#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) ::rondo::test::fail(__FILE__, __LINE__, "expected " #condition); \
  } while (false)

#define CHECK_MESSAGE(condition, message)                                 \
  do {                                                                    \
    if (!(condition)) ::rondo::test::fail(__FILE__, __LINE__, (message)); \
  } while (false)

/// The statement throws rondo::Error with this code.
#define CHECK_ERROR(statement, expected)                                                                   \
  do {                                                                                                     \
    bool thrown = false;                                                                                   \
    try {                                                                                                  \
      statement;                                                                                           \
    } catch (const ::rondo::Error& error) {                                                                \
      thrown = error.code() == ::rondo::ErrorCode::expected;                                               \
      if (!thrown) ::rondo::test::fail(__FILE__, __LINE__, std::string("got ") + code_name(error.code())); \
    }                                                                                                      \
    if (!thrown) ::rondo::test::fail(__FILE__, __LINE__, "expected " #statement " to throw " #expected);   \
  } while (false)
