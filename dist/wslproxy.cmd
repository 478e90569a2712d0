@echo off
rem Starts wslproxy: an installed program (lib\ stands beside this file) or a source checkout, which is built first.
rem
rem   WSLPROXY_JAVA        the Java to use, java.exe or a Java home; else its own in runtime\, JAVA_HOME, java.exe on the
rem                        PATH, or the newest that an installer has entered into the registry
rem   WSLPROXY_JAVA_OPTS   more options for the JVM
rem
rem The options that it gives to the JVM stand in jvm.options. The script wslproxy beside it is for Linux and macOS.
rem Folders may be called a (b) & c: a name is expanded inside quotes only, and never within a block.
setlocal EnableExtensions DisableDelayedExpansion
set "install=winget install EclipseAdoptium.Temurin.21.JRE"

rem ---- where the program is

for %%d in ("%~dp0.") do set "program=%%~fd"
for %%d in ("%~dp0..") do set "checkout=%%~fd"
if exist "%program%\lib\" goto find_java
if exist "%checkout%\pom.xml" goto in_checkout
>&2 echo wslproxy: "%program%" has no lib folder, so the program is incomplete: unpack it again
exit /b 1

:in_checkout
set "program=%checkout%\target\wslproxy"

rem ---- which Java

:find_java
set "java=%WSLPROXY_JAVA%"
set "from=WSLPROXY_JAVA"
if not defined java goto own_java
set "java=%java:"=%"
if exist "%java%\bin\java.exe" set "java=%java%\bin\java.exe"
goto check_java

:own_java
set "java=%program%\runtime\bin\java.exe"
set "from=its own Java"
if exist "%java%" goto check_java
if not defined JAVA_HOME goto java_on_path
set "java=%JAVA_HOME:"=%\bin\java.exe"
set "from=JAVA_HOME"
goto check_java

:java_on_path
set "java="
set "from=PATH"
for %%j in (java.exe) do set "java=%%~$PATH:j"
if not defined java goto java_in_registry
call :ask_feature
if %feature% geq 17 goto build

rem The registry is also asked where the PATH has an old Java, such as Oracle's Java 8. JavaSoft enters the home of a Java
rem as JavaHome and Eclipse Adoptium as Path; an uninstaller may leave it behind. Each home becomes a variable named
rem wslproxy?HOME, as no path has a question mark; the variable "wslproxy?" itself is the first of them in the listing.
:java_in_registry
set "old=%java%"
set "newest="
set "highest=16"
set "wslproxy?=none"
for %%k in ("JavaSoft\JDK" "JavaSoft\JRE" "Eclipse Adoptium\JDK" "Eclipse Adoptium\JRE") do for %%r in (HKLM HKCU) do for /f "tokens=2,*" %%a in ('%SystemRoot%\System32\reg.exe query "%%r\SOFTWARE\%%~k" /s /reg:64 2^>nul') do if exist "%%b\bin\java.exe" set "wslproxy?%%b=1"
:next_home
for /f "tokens=2 delims=?=" %%h in ('set wslproxy?') do set "home=%%h"
if "%home%"=="none" goto best_home
set "wslproxy?%home%="
set "java=%home%\bin\java.exe"
call :ask_feature
if %feature% leq %highest% goto next_home
set "highest=%feature%"
set "newest=%java%"
goto next_home
:best_home
set "java=%newest%"
if defined java goto build
set "java=%old%"
if defined java goto judge_java
>&2 echo wslproxy: Java 17 or newer is needed and there is none: %install%
exit /b 1

:check_java
if exist "%java%" goto judge_java
>&2 echo wslproxy: %from% leads to "%java%", which is not a Java program: correct or unset it
exit /b 1

:judge_java
call :ask_feature
if %feature% geq 17 goto build
if %feature% equ 0 goto broken_java
set "install=%install%, or name another in WSLPROXY_JAVA"
>&2 echo wslproxy: Java 17 or newer is needed and "%java%" (%from%) is %feature%: %install%
exit /b 1
:broken_java
>&2 echo wslproxy: Java 17 or newer is needed and "%java%" (%from%) does not start: %install%
exit /b 1

rem ---- the build, in a source checkout without one

:build
if exist "%program%\lib\" goto start
set "maven="
for %%m in (mvn.cmd) do set "maven=%%~$PATH:m"
if defined maven goto run_maven
>&2 echo wslproxy: Maven is needed to build it and there is none: install Maven and a JDK (17 or newer)
exit /b 1
:run_maven
>&2 echo wslproxy: building it first, once (mvn package) ...
pushd "%checkout%"
rem To stderr, since what the program prints may go into a pipe.
call "%maven%" -B -DskipTests package >&2
set "status=%ERRORLEVEL%"
popd
if "%status%"=="0" goto start
if exist "%program%\lib\" rmdir /s /q "%program%\lib"
>&2 echo wslproxy: it could not be built in "%checkout%"
exit /b 1

rem ---- the start

rem java.exe turns its command line into the ANSI code page (JDK-8368853) and finds no folder whose letters that lacks. The
rem short name of such a folder is ASCII, where the disk has short names; "s" shortens all but the last part under Wine.
:start
set "libraries=%program%\lib"
set "options=%~dp0jvm.options"
set "text=%libraries%%options%"
call :find_odd_letters
if not defined odd goto run
for %%d in ("%libraries%") do set "libraries=%%~fsd"
for %%d in ("%options%") do set "options=%%~fsd"
set "text=%libraries%%options%"
call :find_odd_letters
if not defined odd goto run
"%java%" "@%options%" -version >nul 2>&1
if not errorlevel 1 goto run
>&2 echo wslproxy: Java cannot open "%program%", as the code page of Windows lacks letters of it: move it to a folder without them
exit /b 1

:run
if not defined WSLPROXY_WINDOWLESS goto in_this_window
rem wslproxyw.cmd sets WSLPROXY_WINDOWLESS.
for %%j in ("%java%") do set "javaw=%%~dpjjavaw.exe"
start "" /b "%javaw%" "@%options%" %WSLPROXY_JAVA_OPTS% -cp "%libraries%\*" io.github.wslproxy.Main %*
exit /b %ERRORLEVEL%

rem ---- calls

rem Sets "feature" to the feature release of %java%, or to 0 if that does not start. The release file beside a Java tells
rem its version; asking the Java itself would double the time to start.
:ask_feature
set "version="
for %%j in ("%java%") do set "release=%%~dpj..\release"
if not exist "%release%" goto ask_java
for /f "usebackq tokens=1,2 delims==" %%a in ("%release%") do if "%%a"=="JAVA_VERSION" set version=%%b
if defined version goto feature
:ask_java
rem It is started in its own folder: the shell that "for" starts takes a quoted name apart that holds a ( or &.
for %%j in ("%java%") do pushd "%%~dpj"
for /f "tokens=2,3" %%a in ('.\java.exe -version 2^>^&1') do if "%%a"=="version" set version=%%b
popd
:feature
set "feature=0"
if defined version set "version=%version:"=%"
rem Java 8 is 1.8.0
if "%version:~0,2%"=="1." set "version=%version:~2%"
for /f "delims=.-+_" %%v in ("%version%") do set "feature=%%v"
exit /b 0

rem Sets "odd" if %text% has letters outside ASCII: those that are left where all others separate words.
:find_odd_letters
set "odd="
for /f "delims=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:\/.,;-_~!#$&()+=@[]^`{}'%% " %%x in ("%text%") do set "odd=1"
exit /b 0

rem ---- the start in this window

rem Its status is that of the last line: an "exit /b" behind it would hide it from && and || (npm/cli#969).
:in_this_window
"%java%" "@%options%" %WSLPROXY_JAVA_OPTS% -cp "%libraries%\*" io.github.wslproxy.Main %*
