"""The application: routes, and failures in the same envelope as successes."""
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, UJSONResponse
from sqlalchemy import text
from starlette.exceptions import HTTPException

from . import auth, meters, readings
from .db import Session, engine

app = FastAPI(title="Meter readings", default_response_class=UJSONResponse)
for module in (auth, meters, readings):
    app.include_router(module.router, prefix="/api/v1")


def failure(status: int, code: str, message: str, details=None) -> JSONResponse:
    error = {"code": code, "message": message, "details": details or {}}
    return JSONResponse({"success": False, "error": error}, status_code=status)


@app.exception_handler(HTTPException)
async def http_failure(request: Request, problem: HTTPException):
    return failure(problem.status_code, f"http.{problem.status_code}", str(problem.detail))


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, problem: RequestValidationError):
    details = {}
    for fault in problem.errors():
        details.setdefault(".".join(str(part) for part in fault["loc"][1:]), []).append(fault["msg"])
    return failure(400, "request.invalid", "The request is not valid.", details)


@app.get("/api/v1/health/ready")
async def ready():
    async with Session() as session:
        await session.execute(text("SELECT 1"))
    return {"success": True, "data": {"status": "ready"}}


@app.on_event("shutdown")
async def close():
    await engine.dispose()
